import { countryNumeric, type Country, type LocalizedText } from '#contracts';
import type { LabelScope } from '#label';

/** A certificate is made for whole days: a label carries its issue day and no hour. */
export function dayOf(moment: Date): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()));
}

/** The moment a number of months later, on the last day of the month where the day does not exist there. */
export function monthsAfter(moment: Date, months: number): Date {
  const later = new Date(moment);
  later.setUTCMonth(later.getUTCMonth() + months);
  if (later.getUTCDate() !== moment.getUTCDate()) later.setUTCDate(0);
  return later;
}

/** What stands in every subject of a demonstration authority. */
export const demoRemark = 'demo, not for trade';

/** The parts of a subject, label profile section 5; each within the upper bounds of RFC 5280 appendix A. */
export interface Subject {
  commonName: string;
  organisationalUnit?: string;
  organisation: string;
  locality?: string;
  country: string;
}

const clip = (text: string, longest: number): string => [...text].slice(0, longest).join('').trim();
const remark = (name: string, demo: boolean): string => (demo ? `${name} (${demoRemark})` : name);

/** One name out of several: English first, because customs officers of any country read certificates. */
export function oneName(names: LocalizedText): string {
  return names.en ?? names.ru ?? Object.values(names)[0] ?? '';
}

/** The country in the names of the root and of the bundle signer: where the programme's secretariat sits. */
export const seat: Country = 'KG';

export function authoritySubject(name: string, country: Country, demo: boolean): Subject {
  return { commonName: clip(remark(name, demo), 64), organisation: clip(remark('OVOP', demo), 64), country };
}

/** Whoever signs labels: CN, OU = producer id, O = producer, L = village, C. */
export interface Producer {
  code: string;
  names: LocalizedText;
  publicName: boolean;
  country: Country;
  gtinPrefix: string;
  village: LocalizedText;
}

export function producerSubject(producer: Producer, demo: boolean): Subject {
  return {
    commonName: clip(remark(`Labels of ${producer.code}`, demo), 64),
    organisationalUnit: clip(producer.code, 64),
    organisation: clip(producer.publicName ? oneName(producer.names) : producer.code, 64),
    locality: clip(oneName(producer.village), 128),
    country: producer.country,
  };
}

export function producerScope(producer: Producer, host: string): LabelScope {
  return {
    country: countryNumeric[producer.country],
    gtinPrefixes: [producer.gtinPrefix],
    hosts: [host],
    producerId: producer.code,
  };
}

/** How long a label-signing key signs, in months (privateKeyUsagePeriod: 6 to 12). */
export const windowMonths = 12;
const renewalDays = 30;
const day = 86_400_000;

/** The signing window that is needed now: the one given while it lasts and is not revoked, else the next. Windows count from 1. */
export function neededWindow(
  last: { window: number; signingUntil: Date; issued: boolean; revoked: boolean } | null,
  now: Date,
): number | null {
  if (last === null) return 1;
  if (!last.issued) return last.window;
  if (last.revoked) return last.window + 1;
  return last.signingUntil.getTime() - now.getTime() < renewalDays * day ? last.window + 1 : null;
}

/** Lists and bundles are made anew when they are this old, long before their nextUpdate. */
const freshDays = 20;

export function isStale(madeAt: Date, now: Date): boolean {
  return now.getTime() - madeAt.getTime() >= freshDays * day;
}

const signerRestDays = 60;

/** Whether the signer of bundles ends so soon that it needs a successor. */
export function isSignerEnding(notAfter: Date, now: Date): boolean {
  return notAfter.getTime() - now.getTime() < signerRestDays * day;
}
