// npm run check               everything about the code that can be said without running it.
import { join } from 'node:path';
import { Failure, main, nodeInForeground, root, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

const tool = (...path) => join(root, 'node_modules', ...path);

const steps = [
  ['style and rules of import', [tool('oxlint', 'bin', 'oxlint'), '--type-aware', '--quiet', '--format=unix']],
  ['format', [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.']],
  ['types', [tool('typescript', 'lib', 'tsc.js'), '--noEmit', '--incremental', '--tsBuildInfoFile', 'dist/.check']],
  ['migrations equal to the schemas', [join('scripts', 'db.mjs'), 'check']],
  ['generated documents', [join('scripts', 'contracts.mjs'), '--check']],
];

/** Runs every step, also after one that fails, so that one run shows all there is to mend. */
await main(import.meta.url, async () => {
  await setup({ allowTypeErrors: true });
  const failed = [];
  for (const [name, args] of steps) {
    say(`— ${name}`);
    if ((await nodeInForeground(args)) !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Failure(`npm run check found faults: ${failed.join('; ')}.`);
  say('All is well.');
});
