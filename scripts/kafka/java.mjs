import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../lib/lock.mjs';
import { Failure, root, say } from '../lib/run.mjs';
import { whyNoKafka } from '../lib/tools.mjs';

const run = promisify(execFile);
const pom = join(root, 'scripts', 'kafka', 'pom.xml');

/** The class path of Kafka's jars. Maven finds or downloads them once; later starts read what it found. */
export async function classPath(onProgress = say) {
  const cache = join(root, '.kafka', `classpath-${hash(readFileSync(pom))}.txt`);
  if (isWhole(cache)) return readFileSync(cache, 'utf8').trim();
  const reason = whyNoKafka();
  if (reason) throw new Failure(`Kafka cannot be started here: ${reason}. Set KAFKA_BROKERS to use another one.`);
  mkdirSync(join(root, '.kafka'), { recursive: true });
  await withLock(cache, async () => {
    if (isWhole(cache)) return;
    onProgress('Fetching Apache Kafka (Maven), a minute the first time…');
    await askMaven(`${cache}.new`);
    renameSync(`${cache}.new`, cache);
  });
  return readFileSync(cache, 'utf8').trim();
}

async function askMaven(outputFile) {
  const goal = ['dependency:build-classpath', `-Dmdep.outputFile=${outputFile}`, '-DincludeScope=runtime'];
  try {
    await run('mvn', ['-B', '-q', '-f', pom, ...goal], { cwd: root, timeout: 900_000 });
  } catch (error) {
    const lines = `${error.stdout ?? ''}`.split('\n').filter((line) => line.includes('ERROR'));
    throw new Failure(`Maven could not fetch Kafka: ${lines[0] ?? error.message}`);
  }
}

/** Runs a Java program to its end. */
export async function runJava(args) {
  try {
    return (await run('java', ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...args])).stdout;
  } catch (error) {
    throw new Failure(`Kafka's data folder could not be prepared:\n${error.stderr || error.stdout || error.message}`);
  }
}

/** Maven's store may have been emptied since. */
function isWhole(cache) {
  return existsSync(cache) && readFileSync(cache, 'utf8').trim().split(delimiter).every(existsSync);
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}
