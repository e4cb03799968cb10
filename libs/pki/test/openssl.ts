import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenSSL as a second opinion on certificates and CRLs. */

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

interface Chain {
  readonly root: Uint8Array;
  readonly untrusted: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly crls: readonly Uint8Array[];
  readonly at: Date;
}

function pem(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
}

/** `openssl verify -ignore_critical -crl_check_all`: "OK" or its complaint. CRLs pass through OpenSSL as DER. */
export function opensslVerify(chain: Chain): string {
  const folder = mkdtempSync(join(tmpdir(), 'ovop-openssl-'));
  try {
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const crls = chain.crls.map((der, i) => {
      const path = file(`${i}.crl`, der);
      return execFileSync('openssl', ['crl', '-inform', 'DER', '-in', path], { encoding: 'utf8' });
    });
    const run = spawnSync(
      'openssl',
      ['verify', '-ignore_critical', '-crl_check_all', '-attime', String(chain.at.getTime() / 1000)]
        .concat('-CAfile', file('root.pem', pem(chain.root)), '-CRLfile', file('crls.pem', crls.join('')))
        .concat(chain.untrusted.length === 0 ? [] : ['-untrusted', file('more.pem', chain.untrusted.map(pem).join(''))])
        .concat(file('leaf.pem', pem(chain.leaf))),
      { encoding: 'utf8' },
    );
    return run.status === 0 ? 'OK' : `${run.stdout}${run.stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
