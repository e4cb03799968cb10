import type { Language, LocalizedText } from '#contracts';

/** The few words on a label beside names and figures. */
export interface SheetWords {
  lot: string;
  packed: string;
  bestBefore: string;
  net: string;
}

const en: SheetWords = { lot: 'Lot', packed: 'Packed', bestBefore: 'Best before', net: 'Net' };

/** By language; where a language has none, English stands in. */
const words: Readonly<Partial<Record<Language, SheetWords>>> = {
  en,
  ky: { lot: 'Партия', packed: 'Таңгакталды', bestBefore: 'Жарактуу', net: 'Таза' },
  ru: { lot: 'Партия', packed: 'Упаковано', bestBefore: 'Годен до', net: 'Нетто' },
  kk: { lot: 'Партия', packed: 'Оралды', bestBefore: 'Жарамды', net: 'Таза' },
  tg: { lot: 'Партия', packed: 'Баста шуд', bestBefore: 'То санаи', net: 'Нетто' },
};

export const wordsOf = (language: Language): SheetWords => words[language] ?? en;

/** Languages that the font of the sheet cannot write. */
const unwritable: ReadonlySet<string> = new Set(['ja']);

/** The name to print: in the language asked for, else in Russian or English, else in any that can be written. */
export function nameIn(names: LocalizedText, language: Language): string {
  const inOrder = [language, 'ru', 'en', ...Object.keys(names)];
  const chosen = inOrder.find((code) => !unwritable.has(code) && Reflect.has(names, code));
  return String(Reflect.get(names, chosen ?? language) ?? '');
}
