import { isLanguage, type Language } from '#label';

/** Longer headers than this are read up to here, more items than that not at all. */
const longestHeader = 1000;
const mostItems = 30;

interface Preference {
  value: string;
  weight: number;
}

/** The items of an Accept header with their q-values, best first; a broken q-value counts as 0 (RFC 9110, 12.4.2). */
export function preferences(header: string | undefined): Preference[] {
  return (header ?? '')
    .slice(0, longestHeader)
    .split(',', mostItems)
    .map((item) => {
      const [value = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      const weight = q === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0;
      return { value, weight };
    })
    .filter(({ value, weight }) => value !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
}

/** The language of a page: the one asked for by `lang`, else the best of Accept-Language, else English. */
export function chooseLanguage(asked: string | null | undefined, acceptLanguage: string | undefined): Language {
  if (asked != null && isLanguage(asked)) return asked;
  for (const { value } of preferences(acceptLanguage)) {
    const language = value.split('-')[0] ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** Whether a program asks: JSON is named, and HTML is not or comes after it. */
export function wantsJson(accept: string | undefined): boolean {
  if (accept === undefined || !/json/i.test(accept)) return false;
  const found = preferences(accept);
  const weightOf = (type: string): number => found.find(({ value }) => value === type)?.weight ?? 0;
  return weightOf('application/json') > Math.max(weightOf('text/html'), weightOf('application/xhtml+xml'));
}
