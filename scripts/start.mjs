// npm start                   the whole system in one process, with its own PostgreSQL and the demonstration data.
import { join } from 'node:path';
import { endWithParent, main, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

await main(import.meta.url, async () => {
  endWithParent();
  await setup();
  // In this very process, so that a signal to npm reaches it.
  await import(join(root, 'dist/apps/standalone/src/main.js'));
});
