import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { TokenPlace } from '#pki/sign';

/** Where distributions put SoftHSM2's library. */
const libraries = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm2.so', '/usr/lib64/libsofthsm2.so'];

/** A SoftHSM2 token of a test, in a folder of its own. */
export interface SoftToken extends TokenPlace {
  readonly library: string;
  readonly token: string;
  /** Takes the token away, as if its cable were pulled. */
  pull(): void;
  /** Puts it back. */
  plug(): void;
  remove(): void;
}

/** Makes a token. The library reads SOFTHSM2_CONF when it is loaded, so it is set for this process. */
export function softToken(): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'ovop-token-'));
  const tokens = join(folder, 'tokens');
  const away = join(folder, 'away');
  const conf = join(folder, 'softhsm2.conf');
  mkdirSync(tokens);
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  // Jest shows a test a copy of process.env; the library sees only the real one.
  runInThisContext('(conf) => { process.env.SOFTHSM2_CONF = conf; }')(conf);
  const pins = ['--so-pin', '87654321', '--pin', '1234'];
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'ovop-test', ...pins], {
    stdio: 'pipe',
    env: { ...process.env, SOFTHSM2_CONF: conf },
  });
  return {
    ...{ library: libraries.find(existsSync) ?? 'libsofthsm2.so', token: 'ovop-test', pin: '1234' },
    pull: () => renameSync(tokens, away),
    plug: () => renameSync(away, tokens),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
