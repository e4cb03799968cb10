import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  buildLabelUri,
  encodeS,
  decodeS,
  iatOf,
  dateOf,
  parseLabelUri,
  signingInput,
  assertLabelTemplate,
} from './index.js';

const S = encodeS({ kid: 'db764cedfa54c309', iat: 2435, signature: new Uint8Array(64).fill(7) });
const PATH = '/01/09521234543213/10/L2609A/21/7KQ4M9XW2T';
const ORIGIN = 'https://q.example.org';
const good = `${ORIGIN}${PATH}?13=260901&422=417&s=${S}`;

function reason(uri: string): string {
  const read = parseLabelUri(uri);
  return 'badFormat' in read ? `${read.badFormat} ${read.field} ${read.position}` : 'ok';
}

describe('reading a label', () => {
  it('gives its fields', () => {
    expect(parseLabelUri(good)).toEqual({
      host: 'q.example.org',
      gtin: '09521234543213',
      lot: 'L2609A',
      serial: '7KQ4M9XW2T',
      attributes: { '13': '260901', '422': '417' },
      signature: { version: 1, kid: 'db764cedfa54c309', iat: 2435, signature: new Uint8Array(64).fill(7) },
    });
  });

  it.each([
    ['without a lot', `${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T?s=${S}`],
    ['in another order', `${ORIGIN}${PATH}?s=${S}&422=417&13=260901`],
    ['with parameters of others, once or twice', `${good}&utm_source=x&utm_source=y&linkType=gs1:pip&flag&S=1`],
    ['on localhost with a port', `http://localhost:3000${PATH}?s=${S}`],
    ['on localhost without', `http://localhost${PATH}?s=${S}`],
    ['on localhost over https', `https://localhost:8443${PATH}?s=${S}`],
    ['compact', `${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T`],
    ['with a short serial', `${ORIGIN}/01/09521234543213/21/A1?s=${S}`],
  ])('accepts a label %s', (_, uri) => {
    expect(reason(uri)).toBe('ok');
  });

  it.each([
    ['', 'scheme uri 0'],
    ['HTTPS://q.example.org/', 'scheme uri 0'],
    [good.replace('https', 'http'), 'scheme uri 0'],
    [good.replace('https', 'ftp'), 'scheme uri 0'],
    ['https://q.example.org', 'path path 21'],
    [good.replace('q.ex', 'q.Ex'), 'host host 8'],
    [good.replace('q.example.org', 'q.example.org.'), 'host host 8'],
    [good.replace('q.example.org', '-q.example.org'), 'host host 8'],
    [good.replace('q.example.org', 'q_example.org'), 'host host 8'],
    [good.replace('q.example.org', 'қ.example.org'), 'character uri 8'],
    [good.replace('q.example.org', ''), 'host host 8'],
    [good.replace('q.example.org', 'q.example.org:443'), 'port host 21'],
    [good.replace('q.example.org', 'localhost:0'), 'port host 17'],
    [good.replace('q.example.org', 'localhost:65536'), 'port host 17'],
    [good.replace('q.example.org', 'a@q.example.org'), 'user-info host 9'],
    [`${good}#`, `fragment uri ${good.length}`],
    [good.replace('L2609A', 'L%32609A'), 'percent-encoding uri 44'],
    [`${good}&utm=%20`, `percent-encoding uri ${good.length + 5}`],
    [good.replace('&422', ';422'), 'character uri 73'],
    [`${good} `, `character uri ${good.length}`],
    [`${good}\n`, `character uri ${good.length}`],
    [`${ORIGIN}${PATH}/`, 'trailing-slash path 63'],
    [`${ORIGIN}${PATH}/?s=${S}`, 'trailing-slash path 63'],
    [good.replace('/01/', '/gtin/'), 'path path 21'],
    [good.replace('/01/', '/stem/01/'), 'path path 21'],
    [good.replace('/01/', '//01/'), 'path path 21'],
    [good.replace('09521234543213', '9521234543213'), 'gtin 01 25'],
    [good.replace('09521234543213', '09521234543214'), 'check-digit 01 38'],
    [good.replace('09521234543213', '02123456789010'), 'restricted-circulation 01 25'],
    [good.replace('L2609A', 'l2609a'), 'lot 10 43'],
    [good.replace('L2609A', ''), 'lot 10 43'],
    [good.replace('L2609A', 'L'.repeat(21)), 'lot 10 43'],
    [good.replace('7KQ4M9XW2T', '7KQ4M9XWIT'), 'serial 21 53'],
    [good.replace('7KQ4M9XW2T', '7KQ4M9XW2T7KQ'), 'serial 21 53'],
    [`${ORIGIN}/01/09521234543213`, 'no-serial 21 39'],
    [`${ORIGIN}/01/09521234543213/10/L?s=${S}`, 'no-serial 21 44'],
    [`${ORIGIN}/01/09521234543213/22/A/21/7KQ4M9XW2T`, 'qualifier 22 40'],
    [`${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T/10/L`, 'qualifier-order 10 54'],
    [`${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T/422/417`, 'qualifier-order 422 54'],
    [`${ORIGIN}${PATH}?`, 'empty-parameter query 64'],
    [`${good}&`, `empty-parameter query ${good.length + 1}`],
    [`${good}&=x`, `empty-parameter query ${good.length + 1}`],
    [`${good}&13=260901`, `duplicate 13 ${good.length + 1}`],
    [`${good}&s=${S}`, `duplicate s ${good.length + 1}`],
    [`${good}&01=09521234543213`, `path-ai-in-query 01 ${good.length + 1}`],
    [`${good}&10=A`, `path-ai-in-query 10 ${good.length + 1}`],
    [`${good}&999=1`, `unknown-ai 999 ${good.length + 1}`],
    [`${good}&0422=417`, `unknown-ai 0422 ${good.length + 1}`],
    [`${good}&15=`, `empty-value 15 ${good.length + 4}`],
    [`${good}&15`, `empty-value 15 ${good.length + 4}`],
    [good.replace('422=417', '422=999'), 'value 422 78'],
    [good.replace('13=260901', '13=260931'), 'value 13 67'],
    [`${good}&427=A&426=417`, 'excluded-ai 422 74'],
    [`${ORIGIN}${PATH}?427=A`, 'needs-another-ai 427 64'],
    [`${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T?7004=1`, 'needs-another-ai 7004 54'],
    [`${good}=`, 'signature s 84'],
    [good.slice(0, -1), 'signature s 84'],
    [`${good.slice(0, -1)}+`, 'signature s 84'],
    [`${ORIGIN}${PATH}?s`, 'signature s 66'],
    [`${ORIGIN}${PATH}?utm=${'x'.repeat(2000)}`, 'too-long uri 2048'],
  ])('refuses %s', (uri, expected) => {
    expect(reason(uri)).toBe(expected);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseLabelUri(text)));
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(4), fc.string(), (at, cut, put) => {
        void parseLabelUri(good.slice(0, at) + put + good.slice(at + cut));
      }),
    );
  });

  it('takes no longer for a megabyte of anything', () => {
    const start = performance.now();
    for (const text of ['a', '/01', '&13=1', '-', '.', '%'])
      expect(reason(`https://${text.repeat(300_000)}`)).toMatch(/^too-long/);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe('writing a label', () => {
  const lot = fc.stringMatching(/^[0-9A-Z-]{1,20}$/);
  const serial = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10,12}$/);
  const attributes = fc.record(
    { '422': fc.constantFrom('417', '398', '762'), '15': fc.constant('270101') },
    { requiredKeys: [] },
  );

  it('is undone by reading', () => {
    fc.assert(
      fc.property(
        lot,
        serial,
        attributes,
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.nat(65535),
        (l, n, a, signature, iat) => {
          const fields = { host: 'q.example.org', gtin: '09521234543213', lot: l, serial: n, attributes: a };
          const uri = buildLabelUri({ ...fields, s: encodeS({ kid: 'db764cedfa54c309', iat, signature }) });
          expect(parseLabelUri(uri)).toEqual({
            ...fields,
            attributes: { ...a },
            signature: { version: 1, kid: 'db764cedfa54c309', iat, signature },
          });
        },
      ),
    );
  });

  it('puts attributes in string order and s last, and leaves s out of the compact form', () => {
    const fields = {
      host: 'q.example.org',
      gtin: '09521234543213',
      serial: '7KQ4M9XW2T',
      attributes: { '422': '417', '3103': '000195', '13': '260901' },
    };
    expect(buildLabelUri({ ...fields, s: S })).toMatch(/\/21\/7KQ4M9XW2T\?13=260901&3103=000195&422=417&s=.{100}$/);
    expect(buildLabelUri({ ...fields, attributes: {} })).toBe(`${ORIGIN}/01/09521234543213/21/7KQ4M9XW2T`);
    expect(buildLabelUri({ ...fields, attributes: {}, baseUrl: 'http://localhost:3000', s: S })).toBe(
      `http://localhost:3000/01/09521234543213/21/7KQ4M9XW2T?s=${S}`,
    );
  });

  it('signs lines sorted by AI as a string', () => {
    const fields = {
      host: 'q.example.org',
      gtin: '09521234543213',
      lot: 'L1',
      serial: '7KQ4M9XW2T',
      attributes: { '422': '417', '3103': '000195', '13': '260901' },
    };
    expect(new TextDecoder().decode(signingInput(fields, { kid: 'db764cedfa54c309', iat: 2435 }))).toBe(
      'OVOP-QR-1\nhost=q.example.org\n01=09521234543213\n10=L1\n13=260901\n21=7KQ4M9XW2T\n3103=000195\n422=417\nkid=db764cedfa54c309\niat=2435\n',
    );
  });

  it('refuses a template that no reader would take', () => {
    const template = { host: 'q.example.org', gtin: '09521234543213', attributes: {} };
    expect(() => assertLabelTemplate(template)).not.toThrow();
    expect(() => assertLabelTemplate({ ...template, lot: 'l' })).toThrow('no label can be made: lot in 10');
    expect(() => assertLabelTemplate(template, 'http://localhost:3000')).toThrow(/is not the host/);
  });
});

describe('s', () => {
  it('counts days since 2020-01-01', () => {
    expect(iatOf(new Date('2026-09-01T23:59:59Z'))).toBe(2435);
    expect(dateOf(2435)).toEqual(new Date('2026-09-01T00:00:00Z'));
    expect(() => iatOf(new Date('2019-12-31T23:59:59Z'))).toThrow(RangeError);
    expect(() => iatOf(new Date(NaN))).toThrow(RangeError);
  });

  it('has one text for its bytes and refuses fields of a wrong size', () => {
    expect(decodeS(S)).toBeDefined();
    expect(decodeS(`${S}A`)).toBeUndefined();
    expect(() => encodeS({ kid: 'DB764CEDFA54C309', iat: 1, signature: new Uint8Array(64) })).toThrow(RangeError);
    expect(() => encodeS({ kid: 'db764cedfa54c309', iat: 65536, signature: new Uint8Array(64) })).toThrow(RangeError);
    expect(() => encodeS({ kid: 'db764cedfa54c309', iat: 1, signature: new Uint8Array(63) })).toThrow(RangeError);
  });
});

const vectors = new URL('../../../../shared/testdata/gs1-digital-link/vectors.json', import.meta.url);

(existsSync(vectors) ? describe : describe.skip)(
  "GS1's Digital Link vectors (skipped where they are not at hand)",
  () => {
    it('accepts nothing that GS1 refuses', () => {
      const row = z.object({ ok: z.boolean(), uri: z.string(), mode: z.unknown().optional() });
      const rows = z
        .object({ parse_dl_uri: z.array(row) })
        .parse(JSON.parse(readFileSync(vectors, 'utf8'))).parse_dl_uri;
      const refused = rows.filter(({ ok, mode }) => !ok && mode === undefined);
      expect(refused.length).toBeGreaterThan(10);
      expect(refused.filter(({ uri }) => reason(uri) === 'ok')).toEqual([]);
    });

    it('agrees on data attributes: what GS1 accepts beside a GTIN is accepted here with a serial', () => {
      for (const query of [
        '3103=000195&3922=0299&17=201225',
        '17=201225&3103=000195&3922=0299',
        '99=ABC&98=XYZ',
        'unknown=666&99=ABC&singleton',
      ]) {
        expect(reason(`https://id.gs1.org/01/09520123456788/21/12345?${query}`)).toBe('ok');
      }
      expect(reason('https://id.gs1.org/01/09520123456788/21/12345?99=XYZ&89=ABC123')).toMatch(/^unknown-ai 89/);
    });
  },
);
