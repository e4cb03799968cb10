import { describe, expect, it } from '@jest/globals';
import { formatDay, formatDays, formatQuantity } from './format.js';
import { html } from './html.js';
import { inLanguage } from './layout.js';
import { mapOf } from './map.js';

describe('a template of markup', () => {
  it('escapes every text, in elements and in attributes', () => {
    const evil = `"><img src=x onerror='alert(1)'>&`;
    const expected = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;';
    expect(html`<a title="${evil}">${evil}</a>`.text).toBe(`<a title="${expected}">${expected}</a>`);
    expect(html`${[evil, [evil]]}`.text).toBe(expected + expected);
  });

  it('keeps markup, drops nothing-values, keeps zero', () => {
    expect(html`<p>${html`<b>${'a'}</b>`}${null}${undefined}${false}${0}</p>`.text).toBe('<p><b>a</b>0</p>');
  });

  it('takes the line breaks of the source for spaces, and those of values as they are', () => {
    const list = html`<ul>
      <li>${'a\n  b'}</li>
      <li>c</li>
    </ul>`;
    expect(list.text).toBe('<ul> <li>a\n  b</li> <li>c</li> </ul>');
  });
});

describe('days and amounts', () => {
  it('are written as each language writes them', () => {
    expect(formatDay('2026-11-05', 'ky')).toBe('2026-ж., 5-ноябрь');
    expect(formatDay('2026-11-05', 'ru')).toBe('5 ноября 2026\u00a0г.');
    expect(formatDay('2026-11-05', 'en')).toBe('November 5, 2026');
    expect(formatDay('2026-11-05', 'tg')).toBe('5 ноябр 2026');
    expect(formatQuantity({ value: 1234.5, unit: 'KGM' }, 'ru')).toBe('1\u00a0234,5\u00a0кг');
    expect(formatQuantity({ value: 5, unit: 'PR' }, 'ru')).toBe('5\u00a0пар');
    expect(formatQuantity({ value: 2, unit: 'H87' }, 'en')).toBe('2\u00a0pieces');
  });

  it('that are the same are written once, and a span backwards is its first day', () => {
    expect(formatDays('2026-11-05', '2026-11-05', 'en')).toBe('November 5, 2026');
    expect(formatDays('2026-11-05', '2026-11-01', 'en')).toBe('November 5, 2026');
    expect(formatDays('2026-11-05', '2026-11-07', 'en')).toMatch(/^November 5\s–\s7, 2026$/);
  });
});

describe('the language switch', () => {
  it('changes lang alone, so that the label stays as it was scanned', () => {
    const target = '/01/0952/21/AB?13=260101&s=xyz';
    expect(inLanguage(target, 'ky')).toBe(`${target}&lang=ky`);
    expect(inLanguage(`${target}&lang=ru`, 'ky')).toBe(`${target}&lang=ky`);
    expect(inLanguage('/check', 'en')).toBe('/check?lang=en');
    expect(inLanguage('/check?lang&language=x', 'en')).toBe('/check?language=x&lang=en');
  });
});

describe('the map', () => {
  const tamchy = { country: 'KG' as const, latitude: 42.57, longitude: 76.66 };

  it('shows the country with a dot in it, in a few kilobytes', () => {
    const svg = mapOf(tamchy, 'Map of "Tamchy"')?.text ?? '';
    const [, height] = /viewBox="0 0 320 (\d+)"/.exec(svg) ?? [];
    const [, x, y] = /cx="([\d.]+)" cy="([\d.]+)"/.exec(svg) ?? [];
    expect([Number(x) > 160, Number(x) < 320, Number(y) > 0, Number(y) < Number(height)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(svg).toContain('aria-label="Map of &quot;Tamchy&quot;"');
    expect(svg.length).toBeLessThan(12_000);
  });

  it.each(['KG', 'KZ', 'TJ'] as const)('is there for %s', (country) => {
    expect(mapOf({ ...tamchy, country }, 'map')?.text).toMatch(/<path d="M/);
  });

  it('is left out where nobody published a position', () => {
    expect(mapOf({ ...tamchy, latitude: null }, 'map')).toBeUndefined();
  });
});
