import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildLabelUri,
  decodeS,
  encodeS,
  formatTypedCode,
  LONGEST_URI,
  parseLabelUri,
  parseTypedCode,
  SERIAL_ALPHABET,
  signingInput,
  verifyLabel,
  type TrustStore,
} from './index.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KID = '0123456789abcdef';
const NOW = new Date('2026-09-20T00:00:00Z');

function label(host: string, baseUrl?: string): string {
  const fields = { host, gtin: '09521234543213', lot: 'L2609A', serial: '7KQ4M9XW2T', attributes: { '422': '417' } };
  const header = { kid: KID, iat: 2435 };
  const signature = sign('sha256', signingInput(fields, header), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const built = { ...fields, s: encodeS({ ...header, signature }) };
  return buildLabelUri(baseUrl === undefined ? built : { ...built, baseUrl });
}

const everything: TrustStore = {
  hosts: new Set(['q.example.org', 'localhost']),
  certificates: (kid) =>
    kid !== KID
      ? []
      : [
          {
            kid: KID,
            subject: 'CN=Test',
            notBefore: new Date('2020-01-01'),
            notAfter: new Date('2190-01-01'),
            scope: { country: '417', gtinPrefixes: [''], hosts: ['q.example.org', 'localhost'] },
            verify: (input, signature) =>
              verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
            path: () => ({ ok: true }),
          },
        ],
  isVoid: () => false,
  isRecalled: () => false,
  catalogue: () => undefined,
};
const codeOf = async (uri: string): Promise<string> => (await verifyLabel(uri, everything, NOW)).code;

/** All that one keystroke can do to a text at one place, and the characters that it is done with. */
const CHARACTERS = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), 'а', '０', 'ſ', '\u200d'];
const FEW = [...'019AZaz-_/?&=:.%# s'];
function* oneChange(text: string, characters: readonly string[]): Generator<{ at: number; changed: string }> {
  for (let at = 0; at <= text.length; at++) {
    const [before, after] = [text.slice(0, at), text.slice(at)];
    for (const put of characters) {
      yield { at, changed: before + put + after };
      if (after !== '' && put !== after[0]) yield { at, changed: before + put + after.slice(1) };
    }
    if (after !== '') yield { at, changed: before + after.slice(1) };
    if (after.length > 1) yield { at, changed: `${before}${after[1]}${after[0]}${after.slice(2)}` };
  }
}

/** Places at which some change of one character leaves the label valid. */
async function insignificantPlaces(uri: string, characters = FEW): Promise<number[]> {
  const places = new Set<number>();
  for (const { at, changed } of oneChange(uri, characters)) {
    if (changed === uri || places.has(at)) continue;
    // Most changes are refused by the reader alone, which is far cheaper than to verify.
    if (!('badFormat' in parseLabelUri(changed)) && (await codeOf(changed)) === 'VALID') places.add(at);
  }
  return [...places].sort((a, b) => a - b);
}

describe('any one character of a signed label', () => {
  const uri = label('q.example.org');
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

  it('changed, left out, put in or swapped with the next changes the verdict', async () => {
    expect(await codeOf(uri)).toBe('VALID');
    // At the end only another's parameter can begin, and one character is not enough for that.
    expect(await insignificantPlaces(uri, CHARACTERS)).toEqual([]);
  });

  it("is insignificant within another's parameter only", async () => {
    const foreign = 'utm=x';
    const extended = uri.replace('&s=', `&${foreign}&s=`);
    const start = extended.indexOf(foreign);
    expect(await insignificantPlaces(extended)).toEqual(range(start, start + foreign.length + 1));
  });

  it('is insignificant in scheme and port on localhost, which are for development', async () => {
    const local = label('localhost', 'https://localhost:3000');
    const port = local.indexOf(':3000');
    // `https` loses its s; the port's digits change, and a fifth one may follow or a zero not lead.
    expect(await insignificantPlaces(local)).toEqual([4, ...range(port + 1, port + 6)]);
  });
});

describe('the reader, whatever it is given,', () => {
  const good = label('q.example.org');
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('/01/', '/10/', '/21/', '?', '&', '=', '&s=', 's', '01', '8030=', '#', '%', ';', '\ud800', '\0'),
    fc.constantFrom('09521234543213', '7KQ4M9XW2T', 'https://', 'http://localhost:', 'q.example.org', 'A'.repeat(100)),
  );

  it('answers with a verdict and never throws', async () => {
    const joined = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(joined, fc.nat(good.length), fc.nat(9), async (text, at, cut) => {
        for (const uri of [text, good.slice(0, at) + text + good.slice(at + cut)]) {
          const read = parseLabelUri(uri);
          const code = await codeOf(uri);
          if ('badFormat' in read) {
            expect(code).toBe('BAD_FORMAT');
            expect(read.position).toBeGreaterThanOrEqual(0);
            expect(read.position).toBeLessThanOrEqual(Math.max(uri.length, LONGEST_URI));
          } else expect(code).not.toBe('BAD_FORMAT');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses ten megabytes without reading them', () => {
    for (const text of [good, '/01', '&13=260901', 'a.', '-', '😀']) {
      const uri = `${good}&x=${text.repeat(Math.ceil(10_000_000 / text.length))}`;
      expect(parseLabelUri(uri)).toEqual({ badFormat: 'too-long', field: 'uri', position: LONGEST_URI });
    }
  });

  /** The quickest of several rounds of reading, in milliseconds for one. */
  function timeOf(uri: string): number {
    const rounds = Array.from({ length: 9 }, () => {
      const start = performance.now();
      for (let i = 0; i < 40; i++) parseLabelUri(uri);
      return (performance.now() - start) / 40;
    });
    return Math.min(...rounds);
  }

  // Quadratic work would take 64 times as long for eight times the length; noise does not outlast nine rounds.
  it.each([
    ['parameters', (n: number) => `${good}${'&x=1'.repeat(n / 4)}`],
    ['bare keys', (n: number) => `${good}${'&x'.repeat(n / 2)}`],
    ['equal signs', (n: number) => `${good}&x${'='.repeat(n)}`],
    ['slashes', (n: number) => `https://q.example.org${'/'.repeat(n)}`],
    ['dots', (n: number) => `https://${'a.'.repeat(n / 2)}/01/`],
    ['hyphens', (n: number) => `https://q.example.org/01/09521234543213/10/${'-'.repeat(n)}/21/A`],
    ['digits', (n: number) => `https://q.example.org/01/${'0'.repeat(n)}`],
    ['digits in a key', (n: number) => `${good}&${'9'.repeat(n)}=1`],
    ['characters in a value', (n: number) => `${good}&91=${'A'.repeat(n)}`],
    [
      'different attributes',
      (n: number) =>
        `${good}${Array.from({ length: n / 16 }, (_, i) => `&${3100 + (i % 6) + 10 * Math.floor(i / 6)}=000001`).join('')}`,
    ],
  ])('needs time that grows with the length, no faster: %s', (_, make) => {
    const [short, long] = [timeOf(make(200)), timeOf(make(1600))];
    expect(make(1600).length).toBeLessThan(LONGEST_URI);
    expect(long).toBeLessThan(Math.max(40 * short, 0.5));
    expect(long).toBeLessThan(10);
  });
});

describe('what is encoded', () => {
  it('is decoded to itself: s', () => {
    const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(8), fc.nat(65_535), bytes(64), (id, iat, signature) => {
        const fields = { kid: Buffer.from(id).toString('hex'), iat, signature };
        const text = encodeS(fields);
        expect(decodeS(text)).toEqual({ version: 1, ...fields });
        expect(Buffer.from(text, 'base64url').toString('base64url')).toBe(text);
      }),
    );
    const first = fc.constantFrom(...'AQZaf').map((two) => `A${two}`);
    fc.assert(
      fc.property(first, fc.stringMatching(/^[A-Za-z0-9_-]{98}$/), (head, rest) => {
        const read = decodeS(head + rest);
        return read !== undefined && (read.version !== 1 || encodeS(read) === head + rest);
      }),
    );
  });

  const serial = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10,12}$/);

  it('is decoded to itself: typed codes', () => {
    fc.assert(fc.property(serial, (text) => expect(parseTypedCode(formatTypedCode(text))).toEqual({ serial: text })));
  });

  it('shows when two neighbours of a typed serial were swapped, or one character is another', () => {
    fc.assert(
      fc.property(serial, fc.nat(8), fc.constantFrom(...SERIAL_ALPHABET), (text, at, put) => {
        const code = formatTypedCode(text).replaceAll('-', '');
        const swapped = `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`;
        const other = code.slice(0, at) + put + code.slice(at + 1);
        return [swapped, other].every((typed) => typed === code || !('serial' in parseTypedCode(typed)));
      }),
    );
  });
});
