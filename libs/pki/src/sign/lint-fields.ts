import type { Name, Time } from '@peculiar/asn1-x509';
import { lintError, lintWarning, type LintFault, type LintSubject } from './lint-fault.js';

const shortNames = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
]);
/** Upper bounds of RFC 5280 appendix A. */
const longest = new Map([
  ['CN', 64],
  ['OU', 64],
  ['O', 64],
  ['L', 128],
  ['C', 2],
]);
const numericOf = new Map([
  ['KG', '417'],
  ['KZ', '398'],
  ['TJ', '762'],
]);

const windowMonths = { shortest: 6, longest: 12 } as const;
/** No product keeps longer than ten years after the last label of a window. */
const longestLeafYears = 11;

function later(from: Date, years: number, months = 0): Date {
  const end = new Date(from);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  end.setUTCMonth(end.getUTCMonth() + months);
  return end;
}

/** Lengths of validity and signing window, and how times are written: RFC 5280 section 4.1.2.5. */
export function findTimeFaults({ tbs, rules, issuer, extensions }: LintSubject): LintFault[] {
  const faults: LintFault[] = [];
  const { notBefore: begin, notAfter: end } = tbs.validity;
  const [from, until] = [begin.getTime(), end.getTime()];
  if (!isWrittenRight(begin) || !isWrittenRight(end))
    faults.push(lintError('time-encoding', 'must be UTCTime up to 2049, GeneralizedTime after, without fractions'));
  if (until <= from) faults.push(lintError('validity-order', 'must end after it begins'));
  if (rules.years !== undefined && until.getTime() !== later(from, rules.years).getTime())
    faults.push(lintError('validity-length', `must be ${rules.years} years`));
  if (issuer !== undefined && until > issuer.notAfter)
    faults.push(lintError('validity-nesting', 'must not outlive its issuer'));
  if (issuer !== undefined && from < issuer.notBefore)
    faults.push(lintWarning('validity-early', 'begins before its issuer'));
  if (rules.years !== undefined) return faults;
  const { notBefore: opens, notAfter: closes } = extensions.privateKeyUsagePeriod ?? {};
  const whole = opens !== undefined && closes !== undefined && opens >= from && closes <= until;
  if (!whole || closes < later(opens, 0, windowMonths.shortest) || closes > later(opens, 0, windowMonths.longest))
    faults.push(lintError('signing-window', 'must have 6 to 12 months inside the validity'));
  if (until > later(from, longestLeafYears))
    faults.push(lintError('validity-length', `must be at most ${longestLeafYears} years`));
  return faults;
}

function isWrittenRight(time: Time): boolean {
  const moment = time.getTime();
  const short = time.utcTime !== undefined;
  return short === moment.getUTCFullYear() < 2050 && moment.getUTCMilliseconds() === 0;
}

/** The attributes of the profile in their order, one a set, filled and not too long. */
export function findSubjectFaults({ tbs, rules, extensions: { labelScope: scope } }: LintSubject): LintFault[] {
  const faults: LintFault[] = [];
  const found = attributesOf(tbs.subject);
  const names = found.map(([name]) => name);
  const allowed = rules.subject.map((name) => name.replace('?', ''));
  const inOrder = allowed.filter((name) => names.includes(name));
  if (names.join() !== inOrder.join() || rules.subject.some((name) => !name.endsWith('?') && !names.includes(name)))
    faults.push(lintError('subject-attributes', `must be ${allowed.join(', ')}, found ${names.join(', ') || 'none'}`));
  else if (inOrder.length < allowed.length)
    faults.push(lintWarning('subject-incomplete', `should be ${allowed.join(', ')}, found ${names.join(', ')}`));
  const values = new Map(found);
  for (const [name, value] of found) {
    const length = [...value].length;
    if (length < 1 || length > (longest.get(name) ?? 64) || value.trim() !== value)
      faults.push(lintError('subject-value', `${name} must have 1 to ${longest.get(name) ?? 64} characters`));
  }
  const country = values.get('C') ?? '';
  if (!/^[A-Z]{2}$/.test(country)) faults.push(lintError('subject-country', 'C must be two capital letters'));
  else if (rules.scoped && scope !== undefined && numericOf.get(country) !== scope.country)
    faults.push(lintWarning('subject-country', `C=${country} is not the country ${scope.country} of the scope`));
  if (values.has('OU') && scope?.producerId !== undefined && values.get('OU') !== scope.producerId)
    faults.push(lintWarning('subject-producer', "OU must be the scope's producer id"));
  return faults;
}

function attributesOf(name: Name): [string, string][] {
  return Array.from(name, (set) => {
    const [first, ...more] = set;
    const text = first?.value.toString() ?? '';
    return [more.length > 0 ? 'several' : (shortNames.get(first?.type ?? '') ?? first?.type ?? 'none'), text];
  });
}
