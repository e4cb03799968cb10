import { readFileSync } from 'node:fs';
import { linters } from './linters.js';

/** One component of an AI's value: `N6`, `X..20`, `[N3]`, with the checks of its content. */
interface Component {
  readonly type: string;
  readonly least: number;
  readonly most: number;
  readonly optional: boolean;
  readonly lint: readonly string[];
}

/** One line of the GS1 Barcode Syntax Dictionary. */
export interface Entry {
  /** Flag `?`: may be a data attribute of a Digital Link URI. */
  readonly attribute: boolean;
  readonly components: readonly Component[];
  /** Each `req=`: at least one alternative whole. */
  readonly required: readonly (readonly (readonly string[])[])[];
  /** All `ex=`: none of them beside this AI. */
  readonly excluded: readonly string[];
}

/** What may stand unencoded in a URI for each type: CSET 82, CSET 39 and base64url without what a URI must encode. */
const alphabets: Readonly<Record<string, RegExp>> = {
  N: /^[0-9]+$/,
  X: /^[0-9A-Za-z._-]+$/,
  Y: /^[0-9A-Z-]+$/,
  Z: /^[0-9A-Za-z_-]+$/,
};

function readComponent(text: string): Component {
  const bare = text.replace(/[[\]]/g, '');
  const [shape = '', ...lint] = bare.split(',');
  const [, type = '', dots, count] = /^([NXYZ])(\.\.)?(\d+)$/.exec(shape) ?? [];
  const most = Number(count);
  return { type, least: dots === undefined ? most : 1, most, optional: text.startsWith('['), lint };
}

function readEntry(fields: readonly string[]): Entry {
  const flags = /^[*?]+$/.test(fields[0] ?? '') ? (fields[0] ?? '') : '';
  const rest = flags === '' ? fields : fields.slice(1);
  const values = (key: string): string[] =>
    rest.filter((field) => field.startsWith(`${key}=`)).map((field) => field.slice(key.length + 1));
  return {
    attribute: flags.includes('?'),
    components: rest.filter((field) => /^\[?[NXYZ][.\d]/.test(field)).map(readComponent),
    required: values('req').map((value) => value.split(',').map((all) => all.split('+'))),
    excluded: values('ex').flatMap((value) => value.split(',')),
  };
}

function expand(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const all: string[] = [];
  for (let ai = Number(first); ai <= Number(last); ai++) all.push(String(ai).padStart(first.length, '0'));
  return all;
}

/** GS1's own text, from the folder of other people's conformance data beside the checkout. */
export const dictionaryFile = new URL(
  '../../../shared/testdata/gs1-syntax-dictionary/gs1-syntax-dictionary.txt',
  import.meta.url,
);

/** Reads the dictionary's text. */
export function readDictionary(): Map<string, Entry> {
  const text = readFileSync(dictionaryFile, 'utf8');
  const entries = new Map<string, Entry>();
  for (const line of text.split('\n')) {
    const [range = '', ...fields] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (range === '') continue;
    for (const ai of expand(range)) entries.set(ai, readEntry(fields));
  }
  return entries;
}

/** Whether the value fills the components one after another and nothing is left over. */
export function conforms(entry: Entry, value: string): boolean {
  let rest = value;
  for (const { type, least, most, optional, lint } of entry.components) {
    if (rest === '' && optional) break;
    const part = rest.slice(0, most);
    rest = rest.slice(part.length);
    if (part.length < least || alphabets[type]?.test(part) !== true) return false;
    if (!lint.every((name) => linters[name]?.(part) ?? fail(name))) return false;
  }
  return rest === '';
}

function fail(linter: string): never {
  throw new Error(`the second reading has no check "${linter}"`);
}

/** `req=` and `ex=` of one AI against all AIs of the label; `n` in a pattern is any digit. */
export function keepsCompany(entry: Entry, self: string, present: ReadonlySet<string>): boolean {
  const others = [...present].filter((ai) => ai !== self);
  const has = (pattern: string): boolean => {
    const expression = new RegExp(`^${pattern.replaceAll('n', '\\d')}$`);
    return others.some((ai) => expression.test(ai));
  };
  return (
    entry.required.every((alternatives) => alternatives.some((all) => all.every(has))) && !entry.excluded.some(has)
  );
}
