import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

it('the lock file names the optional packages of every platform, so that npm ci accepts it everywhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  mkdirSync(join(folder, 'scripts', 'lib'), { recursive: true });
  for (const path of ['package-lock.json', 'scripts/lock.mjs', 'scripts/lib/run.mjs']) {
    copyFileSync(join(root, path), join(folder, path));
  }
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', 'lock.mjs')], { encoding: 'utf8' });
  const completed = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  rmSync(folder, { recursive: true });
  expect(`${stdout}${stderr}`).toBe('The lock file is whole.\n');
  expect(JSON.parse(completed)).toEqual(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
});
