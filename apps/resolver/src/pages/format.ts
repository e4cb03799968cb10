import { units, type Quantity } from '#contracts';
import { languages, type Language } from '#label';
import { memoize } from '../cache.js';
import { textsOf } from '../i18n/index.js';

/** As many days as pages name in a while. */
const mostDays = 2000;

/** Formatters are costly to make, so there is one set a language, for ever; and days repeat from page to page. */
function formattersOf(language: Language) {
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    day,
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 3 }),
    dayText: memoize(mostDays, (text) => polish(day.format(new Date(`${text}T00:00:00Z`)), language)),
  };
}
const formatters = new Map(languages.map((language) => [language, formattersOf(language)]));

function formatter(language: Language): ReturnType<typeof formattersOf> {
  const found = formatters.get(language);
  if (found === undefined) throw new RangeError(`${language} is no language of the pages`);
  return found;
}

/**
 * The Tajik data of ICU write months with a capital and days with a zero, which Tajik does not; the Russian "г." must
 * not stand alone on a line.
 */
function polish(day: string, language: Language): string {
  if (language === 'ru') return day.replace(' г.', '\u00a0г.');
  return language === 'tg' ? day.toLowerCase().replace(/^0/, '') : day;
}

/** A calendar day (`YYYY-MM-DD`) in words. */
export function formatDay(day: string, language: Language): string {
  return formatter(language).dayText(day);
}

/** A span of days; one day when both are the same. */
export function formatDays(from: string, to: string | null, language: Language): string {
  if (to === null || to <= from) return formatDay(from, language);
  if (language === 'tg') return `${formatDay(from, language)} – ${formatDay(to, language)}`;
  return formatter(language).day.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

export function formatNumber(value: number, language: Language): string {
  return formatter(language).number.format(value);
}

/** An amount with its unit; the number and its unit stay on one line. */
export function formatQuantity({ value, unit }: Quantity, language: Language): string {
  const name = textsOf(language).units[unit](value);
  return `${formatNumber(value, language)}\u00a0${name || units[unit].symbol}`;
}
