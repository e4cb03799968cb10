// npm run kafka [-- PORT]     a real Apache Kafka of one node on this machine, until Ctrl-C. No container needed.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { classPath, runJava } from './kafka/java.mjs';
import { serverProperties } from './kafka/properties.mjs';
import { Failure, main, root, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

export { classPath as fetchKafka } from './kafka/java.mjs';

const usualPort = 9092;
/** Kafka stops at its end of input as well as at a signal: however we end, it does not stay behind. */
const guard =
  'exec 3<&0; "$@" </dev/null & kafka=$!; (cat <&3 >/dev/null; kill -TERM $kafka) 2>/dev/null & wait $kafka';

/**
 * Starts a broker whose data live in `dir`, on the loopback interface: at `port` if that is free, else at any.
 * `exited` settles when it has ended, asked or not.
 */
export async function startKafka({ dir, port = usualPort, onProgress = () => undefined }) {
  const jars = await classPath(onProgress);
  mkdirSync(dir, { recursive: true });
  const ports = { broker: await freePort(port), controller: await freePort(0) };
  const properties = join(dir, 'server.properties');
  writeFileSync(properties, serverProperties({ data: join(dir, 'data'), ...ports }));
  await format({ dir, jars, properties });
  const logFile = join(dir, 'kafka.log');
  const log = openSync(logFile, 'w');
  const memory = ['-Xms128m', '-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
  const logging = `-Dlog4j2.configurationFile=${join(root, 'scripts', 'kafka', 'log4j2.xml')}`;
  const java = ['java', ...memory, logging, '-cp', jars, 'kafka.Kafka', properties];
  const child = spawn('/bin/sh', ['-c', guard, 'kafka', ...java], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  const exited = new Promise((settle) => child.once('exit', settle).once('error', settle));
  const stop = async () => {
    child.stdin.end();
    const late = setTimeout(() => killGroup(child), 15_000);
    await exited;
    clearTimeout(late);
  };
  const brokers = `127.0.0.1:${ports.broker}`;
  try {
    await untilReady(brokers, child, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers, stop, exited, kill: () => killGroup(child) };
}

/** A broker for the time of a test run; its data go with it. */
export async function startTemporaryKafka() {
  const dir = mkdtempSync(join(tmpdir(), 'ovop-trace-kafka-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const kafka = await startKafka({ dir, port: 0 });
    // Nothing in it has to survive, so it is not asked to put everything in order first.
    const stop = async () => {
      kafka.kill();
      await kafka.exited;
      remove();
    };
    return { ...kafka, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Prepares an empty data folder; one whose preparation was interrupted is prepared again. */
async function format({ dir, jars, properties }) {
  const done = join(dir, 'formatted');
  if (existsSync(done)) return;
  rmSync(join(dir, 'data'), { recursive: true, force: true });
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  await runJava(['-cp', jars, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]);
  writeFileSync(done, `${id}\n`);
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function freePort(wanted) {
  const listen = (port) =>
    new Promise((settle, fail) => {
      const server = createServer().once('error', fail);
      server.listen(port, '127.0.0.1', () => {
        const { port: found } = server.address();
        server.close(() => settle(found));
      });
    });
  return listen(wanted).catch(() => listen(0));
}

/** Ready is when it answers a client, not when its port is open. */
async function untilReady(brokers, child, logFile) {
  const { Kafka, logLevel } = await import('kafkajs');
  const client = new Kafka({
    clientId: 'start',
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const log = readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
      throw new Failure(`Kafka did not start. Its last words (${logFile}):\n${log}`);
    }
    try {
      await admin.connect();
      const { brokers: known } = await admin.describeCluster();
      if (known.length > 0) return await admin.disconnect();
    } catch {
      await admin.disconnect();
    }
    await wait(100);
  }
  throw new Failure(`Kafka does not answer at ${brokers}; see ${logFile}.`);
}

await main(import.meta.url, async ([port]) => {
  await setup({ allowTypeErrors: true });
  const dir = join(root, '.kafka', 'node');
  const kafka = await startKafka({ dir, port: port ? Number(port) : usualPort, onProgress: say });
  say(`KAFKA_BROKERS=${kafka.brokers}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void kafka.stop());
  await kafka.exited;
});
