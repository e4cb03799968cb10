import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { valueChecks } from './ai-value.js';
import { isAllowedAttribute, isValidAttributeValue } from './index.js';

describe('data attributes', () => {
  it.each([
    ['13', '260901', true],
    ['13', '260900', true],
    ['13', '261301', false],
    ['13', '260230', false],
    ['13', '240229', true],
    ['13', '2609011', false],
    ['422', '417', true],
    ['422', 'KGZ', false],
    ['423', '417398', true],
    ['423', '41739', false],
    ['423', '417398762417398', true],
    ['423', '417398762417398417', false],
    ['7003', '2609012359', true],
    ['7003', '2609012400', false],
    ['7003', '2609001200', false],
    ['7007', '260901', true],
    ['7007', '260901260930', true],
    ['7007', '2609012609', false],
    ['7011', '2609011200', true],
    ['3103', '000195', true],
    ['3106', '000195', false],
    ['3922', '1', true],
    ['3922', '1'.repeat(16), false],
    ['8030', 'a-_9'.repeat(22), true],
    ['8030', 'a'.repeat(91), false],
    ['8030', 'a+', false],
    ['8001', '12345678901231', false],
    ['8001', '12340567809012'.slice(0, 12) + '91', true],
    ['240', 'A.b_c-9', true],
    ['240', 'A b', false],
    ['240', 'A(b)', false],
    ['4330', '001234-', true],
    ['4330', '001234', true],
    ['4330', '0012340', false],
    ['00', '006141411234567890', true],
    ['00', '006141411234567891', false],
  ])('%s=%s: %s', (ai, value, expected) => {
    expect(isValidAttributeValue(ai, value)).toBe(expected);
  });

  it('are only those that can stand beside a GTIN', () => {
    expect(['11', '15', '3103', '3925', '7003', '91'].every(isAllowedAttribute)).toBe(true);
    expect(
      ['01', '10', '21', '22', '235', '02', '12', '37', '255', '3900', '415', '8006', '8020', '9', '100', ''].some(
        isAllowedAttribute,
      ),
    ).toBe(false);
  });
});

const shared = new URL('../../../../shared/testdata/gs1-syntax-dictionary/', import.meta.url);

(existsSync(shared) ? describe : describe.skip)("GS1's syntax dictionary (skipped where it is not at hand)", () => {
  it('allows the same data attributes, apart from those that a GTIN excludes', () => {
    const lines = readFileSync(new URL('gs1-syntax-dictionary.txt', shared), 'utf8').split('\n');
    const allowed = new Set<string>();
    for (const line of lines) {
      const [, from, to, flags = ''] =
        /^(\d{2,4})(?:-(\d{2,4}))?\s+([*?!"$%&'()+,\-./:;<=>@[\\\]^_`{|}~]+)\s/.exec(line) ?? [];
      if (from === undefined || !flags.includes('?')) continue;
      for (let ai = Number(from); ai <= Number(to ?? from); ai++) allowed.add(String(ai).padStart(from.length, '0'));
    }
    expect(allowed.size).toBeGreaterThan(400);
    const left = /^(?:01|02|10|12|37|255|39[014]\d|415|7258|8006|8007|8026|8111)$/;
    const all = Array.from({ length: 10_000 }, (_, n) =>
      [2, 3, 4].map((width) => String(n).padStart(width, '0')),
    ).flat();
    const wrong = [...new Set(all)].filter((ai) => isAllowedAttribute(ai) !== (allowed.has(ai) && !left.test(ai)));
    expect(wrong).toEqual([]);
  });

  it('judges values as its linters do', () => {
    const vector = z.object({ linter: z.string(), input: z.string(), valid: z.boolean() });
    const vectors = z.array(vector).parse(JSON.parse(readFileSync(new URL('linter-vectors.json', shared), 'utf8')));
    // A check sees values of the right characters and length only; vectors of another shape are the syntax's matter.
    const shape: Readonly<Record<string, RegExp>> = {
      csumalpha: /^[!-~]{2,25}$/,
      hyphen: /^.$/,
      hh: /^\d{2}$/,
      mi: /^\d{2}$/,
      ss: /^\d{2}$/,
      hhmi: /^\d{4}$/,
      latitude: /^\d{10}$/,
      longitude: /^\d{10}$/,
      pieceoftotal: /^\d+$/,
      nonzero: /^\d+$/,
      yymmdd: /^\d{6}$/,
      yymmd0: /^\d{6}$/,
      yyyymmdd: /^\d{8}$/,
    };
    const known = vectors.filter(({ linter, input }) => linter in valueChecks && (shape[linter] ?? /^/).test(input));
    expect(known.length).toBeGreaterThan(3000);
    expect(known.filter(({ linter, input, valid }) => valueChecks[linter]?.(input) !== valid)).toEqual([]);
  });
});
