import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Failure, root, say } from './run.mjs';

const sources = ['apps', 'libs'];
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** Compiles apps and libs into dist when a file changed since the last time, and copies every `assets` folder. */
export function compile({ allowTypeErrors = false } = {}) {
  const files = [...sources.flatMap((folder) => listFiles(join(root, folder))), ...settings.map((f) => join(root, f))];
  const stamp = join(root, 'dist', '.made-from');
  const wanted = fingerprint(files);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Compiling…');
  rmSync(stamp, { force: true });
  removeOrphans();
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, encoding: 'utf8' });
  if (done.status !== 0 && !allowTypeErrors)
    throw new Failure(`The code does not compile:\n${done.stdout}${done.stderr}`);
  copyAssets();
  if (done.status === 0) writeFileSync(stamp, wanted);
  else say(`Compiled with type errors:\n${done.stdout}`);
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`));
}

/** Names, sizes and times: enough to notice a change, quick enough to take at every start. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const found = statSync(file, { throwIfNoEntry: false });
    hash.update(`${relative(root, file)}\0${found?.size}\0${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Removes compiled files whose source is gone, which would otherwise still be importable. */
function removeOrphans() {
  for (const folder of sources.map((name) => join(root, 'dist', name)).filter(existsSync)) {
    for (const file of listFiles(folder).filter((path) => path.endsWith('.js'))) {
      const source = join(root, relative(join(root, 'dist'), file));
      if (['.ts', '.tsx', '.js'].some((suffix) => existsSync(source.replace(/\.js$/, suffix)))) continue;
      rmSync(file);
      rmSync(`${file}.map`, { force: true });
    }
  }
}

/** Every folder named `assets` is needed at run time as it is. */
function copyAssets() {
  for (const folder of sources) {
    const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
    for (const entry of entries.filter((e) => e.isDirectory() && e.name === 'assets')) {
      const from = join(entry.parentPath, entry.name);
      const to = join(root, 'dist', relative(root, from));
      rmSync(to, { recursive: true, force: true });
      cpSync(from, to, { recursive: true });
    }
  }
}
