import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeWith } from '../support/require.js';

/*
 * A stranger's check of a label: OpenSSL and the byte layout of the label profile, sections 2 and 3, and nothing of
 * ours. The second test runs the recipe of docs/security.md as it is printed there.
 */

const published = new URL('../../libs/label/test-data/', import.meta.url);
const vectors = z
  .object({ reference: z.object({ uri: z.string() }), vectors: z.array(z.object({ id: z.string(), uri: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('vectors.json', published), 'utf8')));
const uriOf = (id: string): string => vectors.vectors.find((vector) => vector.id === id)?.uri ?? '';

/** One INTEGER of DER: no needless zeros before, one where the first bit would make it negative. */
function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const value = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
  return Buffer.concat([Buffer.of(0x02, value.length), value]);
}

describeWith('openssl', 'OpenSSL', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ovop-stranger-'));
    for (const name of ['signer1.pem', 'kg-ca.pem', 'root.pem', 'kg.crl.pem', 'root.crl.pem']) {
      copyFileSync(new URL(name, published), join(folder, name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** OpenSSL's word on a signature over an input, with the key of a certificate. */
  function opensslSays(input: string, signature: Buffer): string {
    const [r, s] = [integer(signature.subarray(0, 32)), integer(signature.subarray(32))];
    writeFileSync(join(folder, 'sig.der'), Buffer.concat([Buffer.of(0x30, r.length + s.length), r, s]));
    writeFileSync(join(folder, 'input'), input);
    const key = execFileSync('openssl', ['x509', '-in', join(folder, 'signer1.pem'), '-noout', '-pubkey']);
    writeFileSync(join(folder, 'key.pem'), key);
    const files = ['-verify', 'key.pem', '-signature', 'sig.der', 'input'];
    return spawnSync('openssl', ['dgst', '-sha256', ...files], { cwd: folder, encoding: 'utf8' }).stdout.trim();
  }

  it('verifies the reference label from the documented bytes', () => {
    const { uri } = vectors.reference;
    const seal = Buffer.from(/[?&]s=([\w-]{100})/.exec(uri)?.[1] ?? '', 'base64url');
    expect([seal.length, seal[0]]).toEqual([75, 1]);
    const [kid, day] = [seal.toString('hex', 1, 9), seal.readUInt16BE(9)];
    const input =
      'OVOP-QR-1\nhost=q.example.org\n01=09521234543213\n10=L2609A\n13=260901\n21=7KQ4M9XW2T\n422=417\n' +
      `kid=${kid}\niat=${day}\n`;
    expect(opensslSays(input, seal.subarray(11))).toBe('Verified OK');
    expect(opensslSays(input.replace('L2609A', 'L2609B'), seal.subarray(11))).toBe('Verification failure');
    expect(opensslSays(input.trimEnd(), seal.subarray(11))).toBe('Verification failure');
    const der = execFileSync('openssl', ['x509', '-in', join(folder, 'signer1.pem'), '-outform', 'DER']);
    const print = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der });
    expect(print.toString('hex', 0, 8)).toBe(kid);
  });

  const guide = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
  const [, recipe = ''] = /```sh\n# check-label\.sh[^\n]*\n([^`]*)```/.exec(guide) ?? [];
  const follow = (uri: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync('sh', ['-c', recipe], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, URI: uri, AT: '2026-09-20' },
    });

  it.each(['ok-base', 'ok-no-lot', 'ok-param-order'])('verifies %s by the printed recipe', (id) => {
    const { stdout, stderr } = follow(uriOf(id));
    expect([stdout, stderr]).toEqual([
      expect.stringMatching(/kid db764cedfa54c309, issued 2026-09-01\nVerified OK\nsigner1\.pem: OK\n/),
      '',
    ]);
  });

  it.each(['bad-serial', 'bad-attr', 'bad-sig-bit', 'bad-host'])('does not verify %s by it', (id) => {
    const { status, stdout } = follow(uriOf(id));
    expect(status).not.toBe(0);
    expect(stdout).toContain('Verification failure');
  });

  it('does not take another certificate for the one of the kid', () => {
    const { status, stderr } = follow(uriOf('bad-kid'));
    expect([status, stderr]).toEqual([1, 'signer1.pem is not the certificate of this label\n']);
  });
});
