// scripts/test.mjs says by TEST_LEVELS which kinds of test a run holds; without it, all of them.
const levels = { unit: 'spec', int: 'int-spec', kafka: 'kafka-spec', e2e: 'e2e-spec' };
const chosen = (process.env.TEST_LEVELS ?? Object.keys(levels).join(',')).split(',');
const slow = chosen.some((level) => level === 'kafka' || level === 'e2e');

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: chosen.map((level) => `<rootDir>/**/*.${levels[level]}.ts`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // Processes and brokers want the machine to themselves.
  maxWorkers: slow ? 1 : 2,
  testTimeout: slow ? 120_000 : 20_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
};
