// npm test [-- PATTERN…]      every test; npm run test:unit, test:int, test:kafka, test:e2e run one level.
// Ends with "N passed, N failed, N skipped" on a line of its own, and with exit code 1 unless all is well.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, main, nodeInForeground, root, say } from './lib/run.mjs';
import { missingTools } from './lib/tools.mjs';
import { setup } from './setup.mjs';

const levels = ['unit', 'int', 'kafka', 'e2e'];
/** Quick tests side by side first; then, one at a time, those that start brokers, processes and browsers. */
const phases = [
  ['unit', 'int'],
  ['kafka', 'e2e'],
];

async function test([first, ...rest]) {
  const chosen = levels.includes(first) ? [first] : levels;
  const patterns = levels.includes(first) ? rest : [first, ...rest].filter((text) => text !== undefined);
  await setup({ allowTypeErrors: true });
  const missing = await prepare(chosen);
  const folder = mkdtempSync(join(tmpdir(), 'ovop-trace-test-'));
  try {
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const phase of phases.map((names) => names.filter((name) => chosen.includes(name)))) {
      if (phase.length === 0) continue;
      const counts = await runJest(phase, patterns, missing, join(folder, `${phase[0]}.json`));
      for (const key of Object.keys(totals)) totals[key] += counts[key];
    }
    if (totals.passed + totals.failed + totals.skipped === 0) throw new Failure('No test matches.');
    if (totals.failed > 0) process.exitCode = 1;
    say(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says what is not there, and fetches what takes long before the first test's clock runs. */
async function prepare(chosen) {
  const missing = missingTools();
  const needed = chosen.some((level) => level === 'kafka' || level === 'e2e');
  if (needed && !missing.kafka && !process.env.KAFKA_BROKERS) {
    const { fetchKafka } = await import('./kafka.mjs');
    await fetchKafka().catch((error) => (missing.kafka = error.message));
  }
  for (const [tool, reason] of Object.entries(missing)) {
    if (needed || tool !== 'kafka') say(`Tests that need ${tool} are skipped: ${reason}.`);
  }
  return missing;
}

async function runJest(phase, patterns, missing, output) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = [...flags, jest, '--passWithNoTests', '--json', `--outputFile=${output}`, ...patterns];
  const env = { TEST_LEVELS: phase.join(','), TEST_MISSING: JSON.stringify(missing) };
  const code = await nodeInForeground(args, { env });
  if (!existsSync(output)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(output, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

await main(import.meta.url, test);
