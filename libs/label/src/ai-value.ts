import { countryLetters, countryNumbers, currencyNumbers } from './ai-codes.js';
import { hasValidCheckDigit } from './gtin.js';

/**
 * The syntax of one AI's value, in the words of the GS1 syntax dictionary: components such as `N6`, `X..30`,
 * `[N3]` (optional), each with checks after a colon. Nothing is percent-encoded in this profile (section 1), so
 * that of CSET 82 only the characters that a URI carries as they are remain.
 */

const CHARACTERS: Readonly<Record<string, RegExp>> = {
  N: /^[0-9]*$/,
  X: /^[0-9A-Za-z._-]*$/,
  Y: /^[0-9A-Z-]*$/,
  Z: /^[0-9A-Za-z_-]*$/,
};

interface Component {
  readonly characters: RegExp;
  readonly optional: boolean;
  readonly least: number;
  readonly most: number;
  readonly checks: readonly ((value: string) => boolean)[];
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** YYMMDD. Every fourth two-digit year is a leap year, 00 (2000) included. */
function isDate(value: string, dayZero: boolean): boolean {
  const month = Number(value.slice(-4, -2));
  const day = Number(value.slice(-2));
  const days = month === 2 && Number(value.slice(-6, -4)) % 4 !== 0 ? 28 : (MONTH_DAYS[month - 1] ?? 0);
  return day <= days && (day > 0 || (dayZero && days > 0));
}

/** YYYYMMDD in the Gregorian calendar. */
function isLongDate(value: string): boolean {
  const year = Number(value.slice(0, 4));
  const centuryWithoutLeapDay = year % 100 === 0 && year % 400 !== 0;
  return isDate(value.slice(2), false) && !(centuryWithoutLeapDay && value.endsWith('0229'));
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const CSET82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const CSET32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The pair of check characters that ends a Global Model Number. */
function hasCheckPair(value: string): boolean {
  if (value.length < 2 || value.length > PRIMES.length + 2) return false;
  const body = value.slice(0, -2);
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const weight = CSET82.indexOf(body.charAt(body.length - 1 - i));
    if (weight < 0) return false;
    sum += weight * (PRIMES[i] ?? 0);
  }
  const rest = sum % 1021;
  return value.slice(-2) === CSET32.charAt(rest >>> 5) + CSET32.charAt(rest & 31);
}

function isPieceOfTotal(value: string): boolean {
  const half = value.length / 2;
  const piece = Number(value.slice(0, half));
  return Number.isInteger(half) && piece > 0 && piece <= Number(value.slice(half));
}

/** Checks by name. A check sees a value of the right characters and length only. */
export const valueChecks: Readonly<Record<string, (value: string) => boolean>> = {
  csum: hasValidCheckDigit,
  csumalpha: hasCheckPair,
  yymmdd: (value) => isDate(value, false),
  yymmd0: (value) => isDate(value, true),
  yyyymmdd: isLongDate,
  hh: (value) => Number(value) < 24,
  mi: (value) => Number(value) < 60,
  ss: (value) => Number(value) < 60,
  hhmi: (value) => Number(value.slice(0, 2)) < 24 && Number(value.slice(2)) < 60,
  iso3166: (value) => countryNumbers.has(value),
  iso3166999: (value) => value === '999' || countryNumbers.has(value),
  iso3166alpha2: (value) => countryLetters.has(value),
  iso4217: (value) => currencyNumbers.has(value),
  iso5218: (value) => /^[0129]$/.test(value),
  latitude: (value) => Number(value) <= 1_800_000_000,
  longitude: (value) => Number(value) <= 3_600_000_000,
  mediatype: (value) => /^(?:0[1-9]|10|[89][0-9])$/.test(value),
  nonzero: (value) => /[^0]/.test(value),
  zero: (value) => /^0+$/.test(value),
  winding: (value) => /^[019]$/.test(value),
  yesno: (value) => /^[01]$/.test(value),
  hyphen: (value) => /^-+$/.test(value),
  pieceoftotal: isPieceOfTotal,
};

function component(source: string): Component {
  const match = /^(\[?)([NXYZ])(\.\.)?([0-9]+)(?::([0-9a-z+]+))?\]?$/.exec(source);
  const characters = CHARACTERS[match?.[2] ?? ''];
  if (match === null || characters === undefined) throw new RangeError(`"${source}" is not a component`);
  const most = Number(match[4]);
  const checks = (match[5]?.split('+') ?? []).map((name) => {
    const check = valueChecks[name];
    if (check === undefined) throw new RangeError(`"${name}" is not a check`);
    return check;
  });
  return { characters, optional: match[1] === '[', least: match[3] === undefined ? most : 1, most, checks };
}

/** A judge of values from a format such as `N6:yymmdd [N4:hhmi]`. Linear in the length of the value. */
export function valueSyntax(format: string): (value: string) => boolean {
  const components = format.split(' ').map(component);
  return (value) => {
    let rest = value;
    for (const { characters, optional, least, most, checks } of components) {
      const part = rest.slice(0, most);
      rest = rest.slice(part.length);
      if (part === '' && optional) continue;
      if (part.length < least || !characters.test(part)) return false;
      if (!checks.every((check) => check(part))) return false;
    }
    return rest === '';
  };
}
