import type { Country } from '#contracts';

/**
 * Hours that the countries' clocks are ahead of UTC; none of them changes to summer time,
 * and Kazakhstan has had a single zone since 1 March 2024.
 */
const hoursAheadOfUtc: Readonly<Record<Country, number>> = { KG: 6, KZ: 5, TJ: 5 };

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The calendar day, `YYYY-MM-DD`, that it is in a country at a moment. */
export function dayIn(country: Country, moment: Date): string {
  return new Date(moment.getTime() + hoursAheadOfUtc[country] * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** The calendar day some days after another, or before it when `days` is negative. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMilliseconds).toISOString().slice(0, 10);
}
