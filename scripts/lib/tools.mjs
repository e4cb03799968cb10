import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, root } from './run.mjs';

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser for tests: that of CHROMIUM, or the first that is installed. */
export function findBrowser() {
  return process.env.CHROMIUM || browsers.map(findProgram).find(Boolean);
}

/** Why Kafka cannot be started here, or undefined when it can. */
export function whyNoKafka() {
  if (process.env.KAFKA_BROKERS) return undefined;
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0);
  if (version < 17) return version ? `Java ${version} is too old, 17 is needed` : 'Java 17 is not installed';
  return findProgram('mvn') ? undefined : 'Maven (mvn) is not installed';
}

/** Why no PKCS#11 token can be made here, or undefined when one can. */
export function whyNoSoftHsm() {
  if (!findProgram('softhsm2-util')) return 'SoftHSM2 (softhsm2-util) is not installed';
  const binding = join(root, 'node_modules', 'pkcs11js', 'build', 'Release', 'pkcs11.node');
  return existsSync(binding) ? undefined : 'the PKCS#11 binding is not built (it needs a C++ compiler)';
}

/** The tools of tests that this machine lacks, each with the reason. */
export function missingTools() {
  const programs = ['openssl', 'zbarimg', 'pdftoppm'].map((name) => [name, findProgram(name)]);
  const reasons = [
    ['kafka', whyNoKafka()],
    ['softhsm', whyNoSoftHsm()],
    ['browser', findBrowser() ? undefined : 'Chromium is not installed'],
    ...programs.map(([name, path]) => [name, path ? undefined : `${name} is not on PATH`]),
  ];
  return Object.fromEntries(reasons.filter(([, reason]) => reason !== undefined));
}
