import { execFileSync } from 'node:child_process';
import { verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { iatOf, verifyLabel } from '#label';
import { createTrustStore, openBundle } from '#pki';
import {
  createBundle,
  createBundleSigner,
  createCountryCa,
  createCrl,
  createLabelSigner,
  createRoot,
  prepareLabelRun,
  signLabel,
  Token,
  type TokenKey,
} from '#pki/sign';
import { describeWith } from '../../../../test/support/require.js';
import { LEAF_SCOPE, NOW, SCOPE, START } from '../../test/authority.js';
import { softToken, type SoftToken } from '../../test/soft-token.js';

const data = Buffer.from('to be signed');
const holds = ({ publicKey }: TokenKey, signature: Uint8Array): boolean =>
  verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);

describeWith('softhsm', 'a key in a PKCS#11 token', () => {
  let place: SoftToken;
  let token: Token;
  let key: TokenKey;
  beforeAll(async () => {
    place = softToken();
    token = await Token.open(place);
    key = await token.generate('ovop-first');
  });
  afterAll(() => {
    token.close();
    place.remove();
  });

  it('signs, also many things at once, as node:crypto verifies', async () => {
    const signer = token.signer(key);
    const signatures = await Promise.all(Array.from({ length: 200 }, () => signer.sign(data)));
    expect(signatures.every((signature) => signature.length === 64 && holds(key, signature))).toBe(true);
  });

  it('does not leave the token', async () => {
    const { default: pkcs11 } = await import('graphene-pk11');
    const session = pkcs11.Module.load(place.library, 'second').getSlots(0, true).open(4);
    const found = session.find({ class: pkcs11.ObjectClass.PRIVATE_KEY, id: key.id });
    const own = found.items(0);
    const read = own.getAttribute({ sensitive: null, extractable: null, neverExtractable: null, private: null });
    expect(read).toMatchObject({ sensitive: true, extractable: false, neverExtractable: true, private: true });
    expect(() => own.getAttribute({ value: null })).toThrow('CKR_ATTRIBUTE_SENSITIVE');
    session.close();
  });

  it('is found again by its id after the token was closed', async () => {
    token.close();
    expect(holds(key, await token.signer(key).sign(data))).toBe(true);
  });

  it('issues certificates and CRLs that openssl verifies', async () => {
    const signer = token.signer(key);
    const subject = { commonName: 'Token root', organisation: 'OVOP test', country: 'KG' };
    const certificate = await createRoot({ subject, notBefore: new Date('2026-01-01T00:00:00Z'), signer });
    const crl = await createCrl({ certificate, signer }, { number: 1n, thisUpdate: new Date(), revocations: [] });
    const folder = mkdtempSync(join(tmpdir(), 'ovop-x509-'));
    try {
      const [pem, list] = [join(folder, 'root.pem'), join(folder, 'root.crl')];
      const body = Buffer.from(certificate.der).toString('base64');
      writeFileSync(pem, `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`);
      writeFileSync(list, crl.der);
      const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
      expect(openssl('verify', '-x509_strict', '-check_ss_sig', '-CAfile', pem, pem)).toMatch(/: OK/);
      expect(() => openssl('crl', '-inform', 'DER', '-in', list, '-CAfile', pem, '-noout')).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be that of every certificate, and its labels are valid', async () => {
    const signer = async (label: string) => token.signer(await token.generate(label));
    const named = (commonName: string) => ({ commonName, organisation: 'OVOP test', country: 'KG' });
    const under = { notBefore: START, crlUrl: 'http://pki.example.org/root.crl' };
    const rootSigner = await signer('root');
    const certificate = await createRoot({ subject: named('Root'), notBefore: START, signer: rootSigner });
    const root = { certificate, signer: rootSigner };
    const [caSigner, bundleSigner, leafSigner] = [await signer('ca'), await signer('bundle'), await signer('leaf')];
    const caRequest = { ...under, subject: named('CA'), publicKey: caSigner.publicKey, scope: SCOPE };
    const ca = { certificate: await createCountryCa(root, caRequest), signer: caSigner };
    const bundleRequest = { ...under, subject: named('Bundles'), publicKey: bundleSigner.publicKey };
    const bundles = { certificate: await createBundleSigner(root, bundleRequest), signer: bundleSigner };
    const leaf = await createLabelSigner(ca, {
      ...{ ...under, publicKey: leafSigner.publicKey, scope: LEAF_SCOPE, notBefore: new Date('2026-07-01T00:00:00Z') },
      subject: { ...named('Labels'), organisationalUnit: 'P-000042', locality: 'Kochkor' },
      signingUntil: new Date('2027-01-01T00:00:00Z'),
    });
    const list = { number: 1n, thisUpdate: new Date('2026-09-15T00:00:00Z'), revocations: [] };
    const crls = [(await createCrl(root, list)).der, (await createCrl(ca, list)).der];
    const content = {
      seq: 1,
      issuedAt: NOW,
      roots: [certificate.der],
      hosts: SCOPE.hosts,
      crls,
      voids: [],
      recalls: [],
    };
    const certificates = [ca.certificate.der, leaf.der];
    const jws = await createBundle({ ...content, certificates, catalogue: {} }, bundles, certificate);
    const product = { host: 'q.example.org', gtin: '09521234543213', lot: 'L2609A', attributes: { '422': '417' } };
    const run = prepareLabelRun(product, { kid: leaf.kid, iat: iatOf(NOW) });
    const { uri } = await signLabel(run.prepare('7KQ4M9XW2T'), leafSigner);
    const store = createTrustStore(openBundle(jws, { pinnedKeys: new Set([certificate.keyHash]) }));
    expect((await verifyLabel(uri, store, NOW)).code).toBe('VALID');
  });

  it('is unavailable while the token is away, in the middle of signing too, and signs again when it is back', async () => {
    const signer = token.signer(key);
    const running = Array.from({ length: 50 }, () => signer.sign(data));
    place.pull();
    const outcomes = await Promise.allSettled([...running, signer.sign(data)]);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(holds(key, outcome.value)).toBe(true);
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'unavailable' });
    expect(() => token.signer(key)).toThrow(/PKCS#11 token/);
    place.plug();
    expect(holds(key, await signer.sign(data))).toBe(true);
  });

  it('is unavailable when the token does not have it', () => {
    expect(() => token.signer({ ...key, id: Buffer.alloc(16) })).toThrow(/the key is not in it/);
  });

  it.each([
    ['a wrong PIN', { pin: '9999' }, 'the token refuses this PIN', 'pin'],
    ['a library that is not there', { library: '/nowhere/p11.so' }, 'is not a PKCS#11 library', 'library'],
    ['a library that is none', { library: process.execPath }, 'is not a PKCS#11 library', 'library'],
    ['an unknown label', { token: 'nobody' }, 'there is no such token', 'token'],
    ['a slot without a token', { token: 7 }, 'there is no such token', 'token'],
  ])('cannot be had with %s, and the fault says which', async (_, change, message, part) => {
    token.close();
    const attempt = Token.open({ ...place, ...change });
    await expect(attempt).rejects.toMatchObject({ message: expect.stringContaining(message), part });
    await expect(attempt).rejects.not.toMatchObject({ message: expect.stringContaining('9999') });
  });
});
