import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const linter = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');

/** Each line breaks one rule, in the file where it stands. */
const forbidden: [rule: string, file: string, line: string, fault: string][] = [
  ['contracts imports zod only', 'libs/contracts/src/a.ts', "import 'pg';", 'no-restricted-imports'],
  ['contracts imports no library', 'libs/contracts/src/b.ts', "import '#label';", 'no-restricted-imports'],
  ['contracts stays inside', 'libs/contracts/src/c.ts', "import '../../label/src/x.js';", 'no-restricted-imports'],
  ['label imports contracts only', 'libs/label/src/a.ts', "import 'node:crypto';", 'no-restricted-imports'],
  ['label does not know pki', 'libs/label/src/b.ts', "import '#pki';", 'no-restricted-imports'],
  ['pki has no file system', 'libs/pki/src/a.ts', "import 'node:fs';", 'no-restricted-imports'],
  ['pki does not know platform', 'libs/pki/src/b.ts', "import '#platform';", 'no-restricted-imports'],
  ['platform knows no app', 'libs/platform/src/a.ts', "import '../../../apps/x/y.js';", 'no-restricted-imports'],
  [
    'platform knows no client',
    'libs/platform/src/b.ts',
    "import '../generated/prisma/client.js';",
    'no-restricted-imports',
  ],
  ['platform does not sign', 'libs/platform/src/c.ts', "import '#pki/sign';", 'no-restricted-imports'],
  ['apps are apart', 'apps/resolver/src/a.ts', "import '../../labeling/src/b.js';", 'no-restricted-imports'],
  [
    'apps are apart, labeling too',
    'apps/labeling/src/a.ts',
    "import '../../resolver/src/b.js';",
    'no-restricted-imports',
  ],
  ['the resolver does not sign', 'apps/resolver/src/b.ts', "import '#pki/sign';", 'no-restricted-imports'],
  ['standalone does not sign', 'apps/standalone/src/a.ts', "import '#pki/sign';", 'no-restricted-imports'],
  ['rules are pure', 'apps/labeling/src/a.rules.ts', "import '@nestjs/common';", 'no-restricted-imports'],
  ['rules import rules only', 'apps/labeling/src/b.rules.ts', "import './b.service.js';", 'no-restricted-imports'],
  ['rules do not sign', 'apps/labeling/src/c.rules.ts', "import '#pki/sign';", 'no-restricted-imports'],
  [
    'rules stay in their app',
    'apps/labeling/src/d.rules.ts',
    "import '../../x/src/y.rules.js';",
    'no-restricted-imports',
  ],
  ['configuration has its file', 'apps/labeling/src/e.ts', 'export const e = process.env.PATH;', 'no-process-env'],
  ['files end', 'apps/labeling/src/f.ts', 'export const f = 1;\n'.padEnd(320, '\n'), 'max-lines'],
  [
    'functions end',
    'apps/labeling/src/g.ts',
    `export function g() {${'\n  g();'.repeat(61)}\n}`,
    'max-lines-per-function',
  ],
  ['nothing is any', 'apps/labeling/src/h.ts', 'export const h = (x: any) => x;', 'no-explicit-any'],
  ['errors are not swallowed', 'apps/labeling/src/i.ts', 'try { process.exit(); } catch {}', 'no-empty'],
  ['no circle', 'apps/labeling/src/j.ts', "import './k.js';\nexport const j = 1;", 'no-cycle'],
  ['no circle, the other half', 'apps/labeling/src/k.ts', "import './j.js';\nexport const k = 1;", 'no-cycle'],
  ['promises are awaited', 'apps/labeling/src/l.ts', 'const l = async () => 1;\nl();', 'no-floating-promises'],
];

/** What the rules must let through. */
const allowed: [file: string, line: string][] = [
  ['libs/contracts/src/ok.ts', "import 'zod';\nimport './values.js';\nimport '../golden/a.js';"],
  ['libs/label/src/ok.ts', "import '#contracts';\nimport './gtin.js';"],
  ['libs/pki/src/ok.ts', "import '#label';\nimport '@peculiar/x509';\nimport 'node:crypto';\nimport 'zod';"],
  ['libs/platform/src/ok.ts', "import 'pg';\nimport 'kafkajs';\nimport '#contracts';"],
  ['apps/labeling/src/ok.ts', "import '#pki/sign';\nimport './generated/prisma/client.js';"],
  ['apps/ovop/src/ok.ts', "import '#pki';\nimport '#label';"],
  ['apps/standalone/src/ok.ts', "import '../../labeling/src/labeling.js';"],
  ['apps/labeling/src/ok.rules.ts', "import '#contracts';\nimport '../steps/step.rules.js';\nimport './b.rules.js';"],
  ['apps/labeling/src/config.ts', 'export const path = process.env.PATH;'],
];

describe('the rules of import and style', () => {
  let folder: string;
  let faults: { file: string; fault: string }[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    for (const name of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [file, text] of [...forbidden.map(([, file, text]) => [file, text] as const), ...allowed]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    const flags = ['--type-aware', '--format=unix', 'apps', 'libs'];
    const { stdout } = spawnSync(process.execPath, [linter, ...flags], { cwd: folder, encoding: 'utf8' });
    faults = stdout.split('\n').flatMap((line) => {
      const found = /^([^:]+):\d+:\d+: .*\[\w+\/.*\((.+)\)\]$/.exec(line);
      return found ? [{ file: found[1]!.replaceAll('\\', '/'), fault: found[2]! }] : [];
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(forbidden)('%s', (_rule, file, _line, fault) => {
    expect(faults).toContainEqual({ file, fault });
  });

  it.each(allowed)('lets %s be', (file) => {
    expect(faults.filter((fault) => fault.file === file)).toEqual([]);
  });
});
