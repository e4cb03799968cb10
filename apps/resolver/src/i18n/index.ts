import type { Language as NameLanguage, LocalizedText } from '#contracts';
import type { Language } from '#label';
import { en } from './en.js';
import { kk } from './kk.js';
import { ky } from './ky.js';
import { ru } from './ru.js';
import { tg } from './tg.js';
import type { Texts } from './texts.js';

export type { Texts } from './texts.js';

const texts: Record<Language, Texts> = { ky, ru, en, kk, tg };

export const textsOf = (language: Language): Texts => texts[language];

/** Where a text is missing in a language: what its readers most likely understand instead. */
const instead: Record<Language, readonly NameLanguage[]> = {
  ky: ['ky', 'ru', 'kk', 'en'],
  ru: ['ru', 'ky', 'en'],
  en: ['en', 'ru', 'ky'],
  kk: ['kk', 'ru', 'ky', 'en'],
  tg: ['tg', 'ru', 'en'],
};

/** A text in the reader's language, or in the nearest one that there is, with its language. */
export function localized(text: LocalizedText, language: Language): { text: string; language: string } {
  for (const candidate of [...instead[language], ...Object.keys(text)]) {
    const found: unknown = text[candidate as NameLanguage];
    if (typeof found === 'string') return { text: found, language: candidate };
  }
  throw new RangeError('a localized text has at least one language');
}
