#!/usr/bin/env node
// The command `ovop`: runs the compiled program, compiling it first where that has not been done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const program = join(root, 'dist', 'apps', 'ovop', 'src', 'main.js');

if (!existsSync(program)) {
  process.stderr.write('ovop: building first (once), please wait…\n');
  // Progress belongs on stderr: stdout carries verdicts and nothing else.
  spawnSync(process.execPath, [join(root, 'scripts', 'setup.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
}
if (existsSync(program)) await import(pathToFileURL(program).href);
else {
  process.stderr.write('ovop: the build failed; run `npm run build` to see why.\n');
  process.exitCode = 2;
}
