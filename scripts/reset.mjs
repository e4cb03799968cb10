// npm run reset               removes what `npm start` keeps (DATA_DIR, default .data), so that the next start is the first.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, main, root, say } from './lib/run.mjs';

/** What a data folder of ours has in it; anything else is not ours to remove. */
const marks = ['postgres', 'demo.json', 'secrets.json'];

function isRunning(folder) {
  const file = join(folder, 'postgres', 'cluster', 'postmaster.pid');
  if (!existsSync(file)) return false;
  try {
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

await main(import.meta.url, () => {
  const folder = resolve(root, process.env.DATA_DIR || '.data');
  if (!existsSync(folder)) return say(`There is nothing at ${folder}.`);
  if (!marks.some((name) => existsSync(join(folder, name)))) {
    throw new Failure(`${folder} does not look like a data folder of this program; remove it yourself if it is.`);
  }
  if (isRunning(folder)) throw new Failure('The program is running: stop it first (Ctrl-C where you started it).');
  rmSync(folder, { recursive: true, force: true });
  say(`Removed ${folder}.`);
});
