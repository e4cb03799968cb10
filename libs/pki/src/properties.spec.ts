import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '#contracts';
import {
  decodeLabelScope,
  encodeLabelScope,
  openBundle,
  packSerials,
  parseCertificate,
  parseCrl,
  readCertificates,
  readCrls,
  unpackSerials,
  type PackedSerials,
} from '#pki';
import { createBundle } from '#pki/sign';
import { buildPki, NOW } from '../test/authority.js';

const pki = buildPki();
const root = pki.root.certificate;
const pinnedKeys = new Set([root.keyHash]);
const jws = createBundle(
  {
    seq: 1,
    issuedAt: NOW,
    roots: [root.der],
    certificates: [pki.country.certificate.der, pki.leaf.certificate.der],
    crls: pki.crls.map(({ der }) => der),
    hosts: ['q.example.org'],
    voids: [{ gtin: '09521234543213', serial: '7KQ4M9XW2V' }],
    recalls: [],
    catalogue: {},
  },
  pki.bundle,
  root,
);
const [head = '', body = ''] = jws.split('.');
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const parse = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());

/** Signed by the right signer, whatever it says: what a mad or broken issuer could publish. */
function signed(header: string, payload: string): string {
  const input = `${header}.${payload}`;
  return `${input}.${Buffer.from(pki.bundle.signer.sign(Buffer.from(input))).toString('base64url')}`;
}

/** Does the work; whatever it throws must be an error with a sentence for the reader. */
async function refusesInWords(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.message).toMatch(/^[\x20-\uffff]{10,600}$/);
  }
}
const opens = (text: string): Promise<void> => refusesInWords(() => openBundle(text, { pinnedKeys }));

describe('the bundle opener', () => {
  it('opens the bundle that the others are made from', () => {
    expect(openBundle(signed(head, body), { pinnedKeys }).bundle.seq).toBe(1);
  });

  it('refuses any text in words', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), opens));
    const parts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(head, body, '')), { maxLength: 5 });
    await fc.assert(fc.asyncProperty(parts, (texts) => opens(texts.join('.'))));
  });

  it('refuses any content in words, even under a right signature', async () => {
    const fields = Object.keys(parse(body));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 6 }), (field, value) =>
        opens(signed(head, base64url({ ...parse(body), [field]: value }))),
      ),
    );
    await fc.assert(fc.asyncProperty(fc.jsonValue(), (value) => opens(signed(head, base64url(value)))));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('alg', 'typ', 'x5c', 'crit'), fc.jsonValue(), (field, value) =>
        opens(signed(base64url({ ...parse(head), [field]: value }), body)),
      ),
    );
  });

  it('refuses nesting without end, ten megabytes of anything, and names that objects inherit', async () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const text = (json: string): string => Buffer.from(json).toString('base64url');
    await opens(`${text(deep)}.${body}.AA`);
    await opens(signed(head, text(deep)));
    await opens(signed(head, text(`{"seq":${deep}}`)));
    for (const long of ['A', '.', 'A.A.A', '{']) await opens(long.repeat(10_000_000 / long.length));
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const json = JSON.stringify(parse(body)).replace(/^\{/, `{"${name}":{"seq":9},`);
      await opens(signed(head, text(json)));
      await opens(signed(head, base64url({ ...parse(body), catalogue: { [name]: { product: 'x', producer: 'y' } } })));
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('refuses lists of void labels that promise more than they hold, before they cost anything', async () => {
    const packed: PackedSerials[] = [
      { bits: 50, count: 2 ** 40, packed: 'AAAA' },
      { bits: 0, count: 2 ** 53 - 1, packed: 'AA' },
      { bits: 50, count: 1, packed: '_'.repeat(4) },
      { bits: 0, count: 1, packed: '_'.repeat(1_000_000) },
    ];
    for (const voids of packed) {
      expect(() => unpackSerials(voids)).toThrow(AppError);
      await opens(signed(head, base64url({ ...parse(body), voids: { '09521234543213': voids } })));
    }
  });
});

describe('the readers of certificates and CRLs', () => {
  const readers = [parseCertificate, parseCrl, readCertificates, readCrls, decodeLabelScope];
  const all = async (bytes: Uint8Array): Promise<void> => {
    for (const reader of readers) await refusesInWords(() => reader(bytes));
  };
  const originals = [pki.leaf.certificate.der, root.der, ...pki.crls.map(({ der }) => der)];

  it('refuse any bytes in words', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), all));
    const place = fc.tuple(fc.constantFrom(...originals), fc.nat(900), fc.nat(4), fc.uint8Array({ maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(place, async ([der, at, cut, put]) => {
        await all(Buffer.concat([der.subarray(0, at), put, der.subarray(at + cut)]));
      }),
      { numRuns: 150 },
    );
  });

  it('refuse lengths that lie, and structures within structures', async () => {
    const nest = (depth: number): Buffer => {
      let der = Buffer.of(0x05, 0x00);
      for (let i = 0; i < depth; i++) {
        const size = der.length < 128 ? Buffer.of(der.length) : Buffer.of(0x82, der.length >> 8, der.length & 255);
        der = Buffer.concat([Buffer.of(0x30), size, der]);
      }
      return der;
    };
    for (const hex of [
      '3084ffffffff',
      '30847fffffff00',
      '3080',
      '3089ffffffffffffffffff',
      '30820000',
      '1fffffffff7f00',
    ]) {
      await all(Buffer.from(hex, 'hex'));
      await all(Buffer.from(hex.repeat(2000), 'hex'));
    }
    for (const depth of [10, 100, 5000]) await all(nest(depth));
    await all(Buffer.from('3080'.repeat(100_000), 'hex'));
  });

  it('refuse ten megabytes of text that is nearly PEM', async () => {
    for (const line of [
      '-----BEGIN CERTIFICATE-----\n',
      '-----BEGIN CERTIFICATE-----\nAAAA\n',
      '-----BEGIN ',
      '-',
      'A',
    ]) {
      await all(Buffer.from(line.repeat(10_000_000 / line.length)));
    }
  }, 60_000);
});

describe('what is encoded', () => {
  it('is decoded to itself: LabelScope', () => {
    const digits = (from: number, to: number): fc.Arbitrary<string> =>
      fc.stringMatching(new RegExp(`^[0-9]{${from},${to}}$`));
    const host = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]{1,10}){0,3}$/);
    const scope = fc.record(
      {
        country: digits(3, 3),
        gtinPrefixes: fc.array(digits(1, 13), { maxLength: 20 }),
        hosts: fc.array(host, { maxLength: 20 }),
        producerId: fc.stringMatching(/^[ -~]{1,64}$/),
      },
      { requiredKeys: ['country', 'gtinPrefixes', 'hosts'] },
    );
    fc.assert(fc.property(scope, (value) => expect(decodeLabelScope(encodeLabelScope(value))).toEqual(value)));
  });

  it('is decoded to itself: void serials of any length and any number', () => {
    const serial = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(serial, { maxLength: 200 }), (serials) =>
        expect(unpackSerials(packSerials(serials))).toEqual(new Set(serials)),
      ),
    );
  });
});
