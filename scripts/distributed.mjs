// npm run start:distributed   the four services as processes of their own, with Kafka and PostgreSQL between them.
// KAFKA_BROKERS and DATABASE_URL_* name servers that run already; what they do not name is started here.
import { join } from 'node:path';
import { endWithParent, Failure, main, root, say } from './lib/run.mjs';
import { setup } from './setup.mjs';
import { startKafka } from './kafka.mjs';
import { createTopics } from './topics.mjs';

async function distributed() {
  endWithParent();
  await setup();
  const { readConfig } = await import(join(root, 'dist/apps/standalone/src/config.js'));
  const { startDistributed } = await import(join(root, 'dist/apps/standalone/src/distributed.js'));
  const config = readConfig();
  const broker = await findBroker(config);
  try {
    const created = await createTopics(broker.brokers);
    if (created.length > 0) say(`Created ${created.length} topics.`);
    await startDistributed(config, broker);
  } catch (error) {
    await broker.stop();
    throw new Failure(`ovop-trace did not start: ${error.message}`);
  }
}

async function findBroker({ brokers, dataDir }) {
  if (brokers) return { brokers, stop: async () => undefined };
  say('Starting Kafka…');
  return startKafka({ dir: join(dataDir, 'kafka'), onProgress: say });
}

await main(import.meta.url, distributed);
