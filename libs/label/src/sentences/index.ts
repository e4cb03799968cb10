import type { VerdictCode, Wording, Wordings } from '../verdict-codes.js';
import { en } from './en.js';
import { kk } from './kk.js';
import { ky } from './ky.js';
import { ru } from './ru.js';
import { tg } from './tg.js';

/** Another language is another file of this shape and one more line here. */
const wordings = { ky, ru, en, kk, tg } satisfies Readonly<Record<string, Wordings>>;

export type Language = keyof typeof wordings;

/** The languages in which a verdict can be read. */
export const languages: readonly Language[] = ['ky', 'ru', 'en', 'kk', 'tg'];

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(wordings, text);
}

/** The words of a verdict in a language. */
export function sentenceFor(code: VerdictCode, language: Language): Wording {
  return wordings[language][code];
}
