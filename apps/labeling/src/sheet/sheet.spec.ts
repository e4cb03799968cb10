import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitText } from './fit-text.js';
import { encodeSymbol, symbolPath, symbolVersion } from './qr.js';
import { corner, labelsPerSheet, layoutFor, stock, symbolCorner } from './sheet.layout.js';
import { nameIn, wordsOf } from './sheet.words.js';

const reference =
  'https://id.ovop.example/01/09520000000011/10/B26-0412/21/7KQ4M9XW2T?13=260905&15=280905&422=417&s='.padEnd(184, 'A');

describe('the places of a sheet', () => {
  it('are 21, and all lie on an A4 page without touching each other', () => {
    const corners = Array.from({ length: labelsPerSheet }, (_, place) => corner(place));
    expect(new Set(corners.map(({ x, y }) => `${x} ${y}`)).size).toBe(21);
    for (const { x, y } of corners) {
      expect(x + stock.labelWidth).toBeLessThanOrEqual(210 - 7.1);
      expect(y + stock.labelHeight).toBeLessThanOrEqual(297 - 15.1);
    }
    expect(corner(labelsPerSheet)).toEqual(corner(0));
  });

  it.each([53, 57, 61, 65])('keep text away from the quiet zone of a symbol of %s modules', (modules) => {
    const { module, clear, text, code, symbol } = layoutFor(modules);
    expect(module).toBeGreaterThanOrEqual(0.396);
    expect(clear.side).toBeCloseTo(module * (modules + 8));
    expect(symbol.x - clear.x).toBeCloseTo(4 * module);
    expect(text.x).toBeGreaterThan(clear.x + clear.side);
    expect(text.x + text.width).toBeLessThan(stock.labelWidth);
    expect(text.y + text.height).toBeLessThan(stock.labelHeight);
    expect(code.y).toBeGreaterThanOrEqual(clear.y + clear.side);
    expect(code.height).toBeGreaterThan(3);
  });
});

describe('a symbol', () => {
  it.each([53, 57])('of %s modules stays in its label with its quiet zone, and on the dots of a printer', (modules) => {
    const layout = layoutFor(modules);
    for (let place = 0; place < labelsPerSheet; place++) {
      const [at, label] = [symbolCorner(place, layout), corner(place)];
      expect((at.x / 25.4) * 50).toBeCloseTo(Math.round((at.x / 25.4) * 50));
      expect(at.x - 4 * layout.module).toBeGreaterThan(label.x);
      expect(at.y - 4 * layout.module).toBeGreaterThan(label.y);
      expect(at.x + (modules + 4) * layout.module).toBeLessThan(label.x + layout.text.x);
      expect(at.y + (modules + 4) * layout.module).toBeLessThan(label.y + layout.code.y + 1e-9);
    }
  });
  it('is version 9-M for the reference label, whose modules are then a fiftieth of an inch', () => {
    const version = symbolVersion(reference);
    expect(version).toBe(9);
    expect(layoutFor(encodeSymbol(reference, version).size).module).toBeCloseTo(0.508);
  });
  it('becomes rectangles that cover exactly its dark modules', () => {
    const symbol = encodeSymbol(reference, 9);
    const covered = new Uint8Array(symbol.modules.length);
    for (const rectangle of symbolPath(symbol).trim().split('\n')) {
      const [x = 0, y = 0, width = 0] = rectangle.split(' ').map(Number);
      covered.fill(1, y * symbol.size + x, y * symbol.size + x + width);
    }
    expect(Buffer.from(covered)).toEqual(Buffer.from(symbol.modules.map((module) => (module === 0 ? 0 : 1))));
  });
});

describe('a fitted text', () => {
  const measure = (text: string, size: number): number => [...text].length * size * 0.5;
  const box = { width: 40, lines: 2, size: 8, smallest: 5 };

  it('stays as large as it can', () => {
    expect(fitText('Honey', measure, box)).toEqual({ size: 8, lines: ['Honey'] });
    expect(fitText('White honey', measure, box)).toEqual({ size: 8, lines: ['White', 'honey'] });
  });
  it('shrinks before it is cut', () => {
    expect(fitText('Mountain honeycombs', measure, box).lines).toEqual(['Mountain', 'honeycombs']);
    expect(fitText('Mountain honeycombs', measure, { ...box, width: 38 }).size).toBeLessThan(8);
  });
  it('ends in an ellipsis when even the smallest does not fit', () => {
    const { lines } = fitText('one two three four five six seven eight nine', measure, box);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
  });
  it('never has more or wider lines than there is room for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 8, max: 200 }), (text, width) => {
        const { size, lines } = fitText(text, measure, { ...box, width });
        expect(lines.length).toBeLessThanOrEqual(2);
        for (const line of lines) expect(measure(line, size)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('the words of a sheet', () => {
  it('are in its language, and in English where there are none', () => {
    expect(wordsOf('tg').packed).toBe('Баста шуд');
    expect(wordsOf('ja').packed).toBe('Packed');
  });
  it('take a name in its language, else in Russian, English or any that the font can write', () => {
    expect(nameIn({ ky: 'Бал', ru: 'Мёд', en: 'Honey' }, 'ky')).toBe('Бал');
    expect(nameIn({ ru: 'Мёд', en: 'Honey' }, 'kk')).toBe('Мёд');
    expect(nameIn({ en: 'Honey', ja: '蜂蜜' }, 'ja')).toBe('Honey');
    expect(nameIn({ uz: 'Asal' }, 'ru')).toBe('Asal');
  });
});
