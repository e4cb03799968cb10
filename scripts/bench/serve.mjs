// A service of the product in a process of its own: node serve.mjs NAME, the rest over the channel to its parent.
import { createService, LocalPublisher } from '#platform';
import { cpuSeconds } from './measure.mjs';

const [name] = process.argv.slice(2);
const { [name]: definition } = await import(`../../dist/apps/${name}/src/${name}.js`);
const { readConfig } = await import(`../../dist/apps/${name}/src/config.js`);
const service = await createService(definition, readConfig(), { publisher: new LocalPublisher() });

const answers = {
  async start() {
    await service.start({ listen: true });
    return { port: service.app.getHttpServer().address().port };
  },
  async receive({ receive }) {
    for (const message of receive) await service.events.receive(message);
    return {};
  },
  /** Processor time used so far, in seconds. */
  cpu: async () => ({ cpu: cpuSeconds() }),
  /** The most memory that this process ever had, in bytes. */
  memory: async () => ({ peak: process.resourceUsage().maxRSS * 1024 }),
};

const answer = async (question) => {
  const [kind] = Object.keys(question);
  process.send(await answers[kind](question));
};
const stop = async () => {
  await service.stop();
  process.exit(0);
};
process.on('message', (question) => void answer(question));
process.on('disconnect', () => void stop());
