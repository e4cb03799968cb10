import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildLabelUri,
  dateOf,
  encodeS,
  iatOf,
  importVerificationKey,
  languages,
  sentenceFor,
  signingInput,
  verdictCodes,
  verifyLabel,
  webCryptoVerifier,
  type PathJudgement,
  type TrustedCertificate,
  type TrustStore,
} from './index.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KID = '0123456789abcdef';
const NOW = new Date('2026-09-20T00:00:00Z');
const FIELDS = {
  host: 'q.example.org',
  gtin: '09521234543213',
  lot: 'L2609A',
  serial: '7KQ4M9XW2T',
  attributes: { '13': '260901', '422': '417' },
};
const date = (text: string): Date => new Date(`${text}T00:00:00Z`);

function label(change: Partial<typeof FIELDS> = {}, issued = '2026-09-01'): string {
  const fields = { ...FIELDS, ...change };
  const header = { kid: KID, iat: iatOf(date(issued)) };
  const signature = sign('sha256', signingInput(fields, header), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return buildLabelUri({ ...fields, s: encodeS({ ...header, signature }) });
}

function certificate(change: Partial<TrustedCertificate> = {}): TrustedCertificate {
  return {
    kid: KID,
    subject: 'CN=Test',
    notBefore: date('2026-07-01'),
    notAfter: date('2037-01-01'),
    signingFrom: date('2026-07-01'),
    signingUntil: date('2027-01-01'),
    scope: { country: '417', gtinPrefixes: ['95212345'], hosts: ['q.example.org'], producerId: 'P-1' },
    verify: (input, signature) => verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    path: () => ({ ok: true }),
    ...change,
  };
}

function trust(change: Partial<TrustStore> = {}, ...certificates: TrustedCertificate[]): TrustStore {
  const listed = certificates.length === 0 ? [certificate()] : certificates;
  return {
    hosts: new Set(['q.example.org']),
    bundle: { seq: 5, issuedAt: date('2026-09-10'), nextUpdate: date('2026-10-10') },
    certificates: (kid) => (kid === KID ? listed : []),
    isVoid: () => false,
    isRecalled: () => false,
    catalogue: () => undefined,
    ...change,
  };
}

const codeOf = async (uri: string, store = trust(), now = NOW): Promise<string> =>
  (await verifyLabel(uri, store, now)).code;
const broken = (code: 'CHAIN_INVALID' | 'KEY_REVOKED'): PathJudgement => ({
  ok: false,
  code,
  reason: 'why',
  subject: 'CN=CA',
});

describe('the order of verdicts', () => {
  // Each label and store fails at its step and at every later one; the earlier step must decide.
  const path = certificate({
    path: () => broken('CHAIN_INVALID'),
    scope: { country: '398', gtinPrefixes: ['1'], hosts: [] },
  });
  const all = {
    isVoid: () => true,
    isRecalled: () => true,
    bundle: { seq: 1, issuedAt: date('2020-01-01'), nextUpdate: date('2020-02-01') },
  };
  const early = certificate({ ...path, notBefore: date('2030-01-01'), path: path.path });
  const forged = certificate({ ...early, verify: () => false });
  const unsigned = label().replace(/&s=.*/, '');
  it.each([
    ['BAD_FORMAT', `${unsigned}/`, trust({ ...all, hosts: new Set() }, forged)],
    ['NOT_SIGNED', unsigned, trust({ ...all, hosts: new Set() }, forged)],
    ['UNSUPPORTED_VERSION', label().replace('&s=A', '&s=B'), trust({ ...all, hosts: new Set() }, forged)],
    ['HOST_NOT_TRUSTED', label(), trust({ ...all, hosts: new Set(), certificates: () => [] })],
    ['UNKNOWN_KEY', label(), trust({ ...all, certificates: () => [] })],
    ['BAD_SIGNATURE', label({}, '2026-12-01'), trust(all, forged)],
    ['ISSUED_IN_FUTURE', label({}, '2026-12-01'), trust(all, early)],
    ['NOT_VALID_AT_ISSUE', label(), trust(all, early)],
    ['CHAIN_INVALID', label(), trust(all, path)],
    ['KEY_REVOKED', label(), trust(all, { ...path, path: () => broken('KEY_REVOKED') })],
    ['OUT_OF_SCOPE', label(), trust(all, { ...path, path: () => ({ ok: true }) })],
    ['LABEL_VOID', label(), trust(all)],
    ['RECALLED', label(), trust({ ...all, isVoid: () => false })],
    ['TRUST_EXPIRED', label(), trust({ bundle: all.bundle })],
    [
      'VALID_STALE_TRUST',
      label(),
      trust({ bundle: { seq: 1, issuedAt: date('2026-08-01'), nextUpdate: date('2026-08-31') } }),
    ],
    ['VALID', label(), trust()],
  ])('%s', async (code, uri, store) => {
    expect(await codeOf(uri, store)).toBe(code);
  });
});

describe('the edges of each rule', () => {
  it('lets an issue day be tomorrow, not later', async () => {
    expect(await codeOf(label({}, '2026-09-21'))).toBe('VALID');
    expect(await codeOf(label({}, '2026-09-22'))).toBe('ISSUED_IN_FUTURE');
  });

  it('holds the issue day against validity and the signing window, both ends inclusive, by days', async () => {
    const later = date('2027-06-01');
    const fresh = trust({ bundle: { seq: 1, issuedAt: later, nextUpdate: date('2027-07-01') } });
    expect(await codeOf(label({}, '2026-06-30'))).toBe('NOT_VALID_AT_ISSUE');
    expect(await codeOf(label({}, '2026-07-01'))).toBe('VALID');
    expect(await codeOf(label({}, '2027-01-01'), fresh, later)).toBe('VALID');
    const verdict = await verifyLabel(label({}, '2027-01-02'), fresh, later);
    expect([verdict.code, verdict.reason]).toEqual(['NOT_VALID_AT_ISSUE', 'signing-window']);
    const noon = certificate({
      notBefore: new Date('2026-09-01T12:00:00Z'),
      signingFrom: new Date('2026-09-01T12:00:00Z'),
    });
    expect(await codeOf(label(), trust({}, noon))).toBe('VALID');
  });

  it('takes trust to be stale after nextUpdate and expired after 90 days of age', async () => {
    const bundle = { seq: 1, issuedAt: date('2026-06-22'), nextUpdate: date('2026-09-20') };
    expect(await codeOf(label(), trust({ bundle }))).toBe('VALID');
    expect(await codeOf(label(), trust({ bundle }), new Date(NOW.getTime() + 1))).toBe('TRUST_EXPIRED');
    const month = { ...bundle, nextUpdate: date('2026-07-22') };
    expect(await codeOf(label(), trust({ bundle: month }))).toBe('VALID_STALE_TRUST');
    const { bundle: _, ...loose } = trust();
    expect(await codeOf(label(), loose, date('2036-01-01'))).toBe('VALID');
  });

  it('compares the scope with digits 2 to 14, the country and the host', async () => {
    const scope = { country: '417', gtinPrefixes: ['95212345'], hosts: ['q.example.org'] };
    const reason = async (change: Partial<typeof scope>, uri = label()): Promise<string | undefined> =>
      (await verifyLabel(uri, trust({}, certificate({ scope: { ...scope, ...change } })), NOW)).reason;
    expect(await reason({ gtinPrefixes: ['9521239', '952123454321'] })).toBeUndefined();
    expect(await reason({ gtinPrefixes: ['0952'] })).toBe('gtin-prefix');
    expect(await reason({ gtinPrefixes: [] })).toBe('gtin-prefix');
    expect(await reason({ country: '398' })).toBe('country');
    expect(await reason({ country: '398' }, label({ attributes: { '13': '260901', '422': '398' } }))).toBeUndefined();
    expect(await reason({ hosts: ['example.org'] })).toBe('host');
  });

  it('tries every certificate of a kid', async () => {
    const other = certificate({ verify: () => false });
    const expired = certificate({ path: () => broken('CHAIN_INVALID') });
    expect(await codeOf(label(), trust({}, other, certificate()))).toBe('VALID');
    expect(await codeOf(label(), trust({}, expired, certificate()))).toBe('VALID');
    expect(await codeOf(label(), trust({}, other, expired))).toBe('CHAIN_INVALID');
    const early = certificate({ notBefore: date('2030-01-01') });
    const store = { isVoid: () => true };
    expect(await codeOf(label(), trust(store, early, expired, certificate()))).toBe('LABEL_VOID');
    expect(await codeOf(label(), trust(store, early, expired, other))).toBe('CHAIN_INVALID');
  });

  it('voids by GTIN and serial, recalls by GTIN and lot', async () => {
    const isVoid = (gtin: string, serial: string): boolean => gtin === FIELDS.gtin && serial === '7KQ4M9XW2T';
    const isRecalled = (gtin: string, lot: string): boolean => gtin === FIELDS.gtin && lot === 'L2609A';
    expect(await codeOf(label(), trust({ isVoid }))).toBe('LABEL_VOID');
    expect(await codeOf(label({ serial: '7KQ4M9XW2V' }), trust({ isVoid }))).toBe('VALID');
    expect(await codeOf(label(), trust({ isRecalled }))).toBe('RECALLED');
    expect(await codeOf(label({ lot: 'L2609B' }), trust({ isRecalled }))).toBe('VALID');
  });
});

describe('what a verdict carries', () => {
  it('rests on facts', async () => {
    const store = trust({ catalogue: () => ({ product: 'Felt', producer: 'Coop' }) });
    const verdict = await verifyLabel(label(), store, NOW, { language: 'ru' });
    expect(verdict.facts).toEqual({
      ...FIELDS,
      kid: KID,
      issueDay: '2026-09-01',
      bundle: { seq: 5, issuedAt: '2026-09-10T00:00:00.000Z', nextUpdate: '2026-10-10T00:00:00.000Z', ageDays: 10 },
      catalogue: { product: 'Felt', producer: 'Coop' },
      certificate: {
        subject: 'CN=Test',
        country: '417',
        producerId: 'P-1',
        notBefore: '2026-07-01T00:00:00.000Z',
        notAfter: '2037-01-01T00:00:00.000Z',
      },
    });
    expect(verdict.headline).toBe('Данные этикетки подлинные');
    const chain = await verifyLabel(label(), trust({}, certificate({ path: () => broken('CHAIN_INVALID') })), NOW);
    expect([chain.reason, chain.facts.brokenAt]).toEqual(['why', 'CN=CA']);
  });

  it('has words in every language, each its own', () => {
    for (const code of verdictCodes) {
      const texts = languages.map((language) => sentenceFor(code, language));
      for (const { headline, sentence } of texts)
        expect([headline.length > 5, sentence.endsWith('.')]).toEqual([true, true]);
      expect(new Set(texts.map(({ sentence }) => sentence)).size).toBe(languages.length);
    }
    expect(sentenceFor('VALID', 'en').sentence).toMatch(/photocopy.*seal.*scan history/);
  });
});

describe('a valid label, changed', () => {
  const uri = label();
  const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/?&=:.';

  it('is never valid again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(uri.length - 1), fc.constantFrom(...characters), async (at, put) => {
        const changed = uri.slice(0, at) + put + uri.slice(at + 1);
        return changed === uri || (await codeOf(changed)) !== 'VALID';
      }),
      { numRuns: 400 },
    );
  });

  it('stays valid with parameters of others', async () => {
    expect(await codeOf(`${uri}&utm_source=a&linkType=gs1:pip`)).toBe('VALID');
  });
});

describe('the browser verifier', () => {
  let check: TrustedCertificate['verify'];
  beforeAll(async () => {
    check = webCryptoVerifier(
      await importVerificationKey(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))),
    );
  });

  it('agrees with node:crypto', async () => {
    const store = trust({}, certificate({ verify: (input, signature) => check(input, signature) }));
    expect(await codeOf(label(), store)).toBe('VALID');
    expect(await codeOf(label().replace('7KQ4M9XW2T', '7KQ4M9XW2V'), store)).toBe('BAD_SIGNATURE');
  });

  it('refuses other kinds of key', async () => {
    const { publicKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    await expect(
      importVerificationKey(new Uint8Array(other.export({ type: 'spki', format: 'der' }))),
    ).rejects.toThrow();
  });

  it('counts days the same way', () => expect(dateOf(iatOf(NOW))).toEqual(NOW));
});
