import { describe, expect, it } from '@jest/globals';
import { languages } from '#label';
import { localized, textsOf } from './index.js';
import { chooseLanguage, preferences, wantsJson } from './negotiation.rules.js';
import { plural } from './plural.js';

describe('the language of a page', () => {
  it.each([
    ['ky-KG,ky;q=0.9,ru;q=0.8', 'ky'],
    ['en;q=0.5, ru;q=0.9', 'ru'],
    ['ja,uz;q=0.9,tg;q=0.1', 'tg'],
    ['KK-Cyrl-KZ', 'kk'],
    ['ru;q=0,ky;q=0.1', 'ky'],
    ['ru;q=broken,ky;q=0.1', 'ky'],
    ['de', 'en'],
    ['*', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('for %j is %s', (header, language) => {
    expect(chooseLanguage(null, header)).toBe(language);
  });

  it('is the one asked for, unless that is none', () => {
    expect(chooseLanguage('ky', 'ru')).toBe('ky');
    expect(chooseLanguage('xx', 'ru')).toBe('ru');
    expect(chooseLanguage('__proto__', 'ru')).toBe('ru');
  });

  it('is found in time that does not grow with the header', () => {
    expect(preferences('a,'.repeat(100_000)).length).toBeLessThanOrEqual(30);
  });
});

describe('the form of an answer', () => {
  it.each([
    ['application/json', true],
    ['application/json, text/html;q=0.9', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
    ['text/html, application/json', false],
    ['application/json;q=0.5, text/html', false],
    ['*/*', false],
    [undefined, false],
  ])('for Accept %j is JSON: %s', (accept, json) => {
    expect(wantsJson(accept)).toBe(json);
  });
});

describe('the texts', () => {
  it('count as each language counts', () => {
    const { scans } = textsOf('ru').product;
    expect([1, 3, 5, 21].map((count) => scans(count, 'вчера').split(': ')[1])).toEqual([
      '1 раз, впервые вчера',
      '3 раза, впервые вчера',
      '5 раз, впервые вчера',
      '21 раз, впервые вчера',
    ]);
    expect(plural('en')(1, { one: 'piece', other: 'pieces' })).toBe('piece');
  });

  it('are whole in every language', () => {
    const empty = (value: unknown): boolean =>
      typeof value === 'string'
        ? value.trim() === ''
        : typeof value === 'object' && value !== null && Object.values(value).some(empty);
    for (const language of languages) expect([language, empty(textsOf(language))]).toEqual([language, false]);
  });

  it('fall back to what the reader most likely understands, and say in which language they are', () => {
    expect(localized({ ru: 'Мёд', en: 'Honey' }, 'ky')).toEqual({ text: 'Мёд', language: 'ru' });
    expect(localized({ ja: '蜂蜜' }, 'tg')).toEqual({ text: '蜂蜜', language: 'ja' });
  });
});
