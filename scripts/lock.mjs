// npm run lock                completes package-lock.json after `npm install` behind a registry that does not serve every
// platform. npm leaves such optional packages out, and `npm ci` then refuses the lock file, on every machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, root, say } from './lib/run.mjs';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The optional packages that a lock file's packages name and it does not hold, as path and entry. */
export function missingFrom({ packages }) {
  const missing = new Map();
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (isFound(packages, path, name)) continue;
      missing.set(`node_modules/${name}`, entryFor(name, range.replace(/^[~^]/, ''), dev));
    }
  }
  return missing;
}

/** Looks where Node.js would: inside the package that asks, then in every folder above it. */
function isFound(packages, from, name) {
  if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
  return from !== '' && isFound(packages, from.slice(0, from.lastIndexOf('node_modules/')).replace(/\/$/, ''), name);
}

/** An entry with what the name says about its platform: there npm fetches it, elsewhere it passes it by. */
function entryFor(name, version, dev) {
  const words = name.replace('windows', 'win32').split(/[/_-]/);
  const limits = {
    cpu: processors.filter((processor) => words.includes(processor)),
    os: systems.filter((system) => words.includes(system)),
    libc: ['gnu', 'musl'].filter((libc) => words.some((word) => word.startsWith(libc))),
  };
  if (limits.libc[0] === 'gnu') limits.libc = ['glibc'];
  const known = Object.entries(limits).filter(([, values]) => values.length > 0);
  return { version, ...(dev && { dev }), optional: true, ...Object.fromEntries(known) };
}

await main(import.meta.url, () => {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingFrom(lock);
  const packages = { ...lock.packages, ...Object.fromEntries(missing) };
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  say(missing.size > 0 ? `Added ${[...missing.keys()].join(', ')}` : 'The lock file is whole.');
});
