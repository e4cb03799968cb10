import { AppError, invalid, type Certification, type Organisation, type Product, type StepTemplate } from '#contracts';
import { allocateGtin, isRestrictedCirculation, isValidGtin, toGtin14 } from '#label';
import { assertDecides } from '../access.rules.js';

const usualValidityYears = 3;
const longestValidityYears = 10;

/** The steps must be in the order of the craft, numbered from 1 without a gap. */
export function assertInOrder(template: readonly StepTemplate[]): void {
  const wrong = template.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (wrong >= 0)
    throw invalid(`processTemplate.${wrong}.sequence`, `must be ${wrong + 1}: steps count 1, 2, 3 … in order`);
}

/** An organisation has products when it is a producer that is neither suspended nor closed. */
export function assertMayHaveProducts(
  organisation: Organisation,
): asserts organisation is Organisation & { gtinPrefix: string } {
  if (organisation.kind !== 'producer' || organisation.gtinPrefix === null)
    throw invalid('organisationId', `${organisation.code} is not a producer but of kind ${organisation.kind}`);
  if (organisation.status === 'suspended' || organisation.status === 'closed')
    throw new AppError('conflict', `organisation ${organisation.code} is ${organisation.status}`);
}

/**
 * The GTIN-14 for an organisation's next product, with the item reference that it uses up.
 * @param lastItemReference the highest one given so far; references are never given again
 * @throws {AppError} `conflict` when the organisation's prefix is used up
 */
export function nextGtin(gtinPrefix: string, lastItemReference: number): { gtin: string; itemReference: number } {
  const itemReference = lastItemReference + 1;
  if (itemReference >= 10 ** (12 - gtinPrefix.length))
    throw new AppError('conflict', `the GTIN prefix ${gtinPrefix} has no item reference left for another product`);
  return { gtin: allocateGtin(gtinPrefix, itemReference), itemReference };
}

/**
 * An organisation's own GTIN in 14 digits (label profile, section 1).
 * @throws {AppError} `invalid` naming the field for a wrong check digit, a restricted-circulation number
 *   or one that the register itself allocates
 */
export function ownGtin(text: string, programmePrefix: string): string {
  if (!isValidGtin(text)) throw invalid('gtin', 'must be 8, 12, 13 or 14 digits with a right check digit');
  const gtin = toGtin14(text);
  if (isRestrictedCirculation(gtin)) throw invalid('gtin', 'is a restricted-circulation number (02, 04, 2)');
  if (gtin.slice(1).startsWith(programmePrefix))
    throw invalid('gtin', `numbers of the prefix ${programmePrefix} are allocated by the register; leave it away`);
  return gtin;
}

/** Facts change only while nobody has relied on them. */
export function assertChangeable(product: Product): void {
  if (product.status !== 'registered')
    throw new AppError('conflict', `product ${product.gtin} is ${product.status} and cannot be changed`);
}

/**
 * The product certified by a committee of its organisation's country.
 * @throws {AppError} `conflict` unless the product is registered and its organisation approved
 */
export function certify(product: Product, organisation: Organisation, committee: Organisation): Product {
  assertDecides(committee, organisation.country);
  if (product.status !== 'registered')
    throw new AppError('conflict', `product ${product.gtin} is ${product.status} already`);
  if (organisation.status !== 'approved')
    throw new AppError(
      'conflict',
      `organisation ${organisation.code} is ${organisation.status}, it must be approved first`,
    );
  return { ...product, status: 'certified' };
}

/** `KG-2026-000001`: country, year of the decision (UTC) and a number without gaps. */
export const certificateNumber = (country: string, year: number, number: number): string =>
  `${country}-${year}-${String(number).padStart(6, '0')}`;

/** The last day of a certificate that is decided on now: the given one, or three years on. */
export function lastDay(given: string | undefined, now: Date): Certification['validUntil'] {
  if (given === undefined) return dayYearsOn(now, usualValidityYears);
  if (given <= dayYearsOn(now, 0)) throw invalid('validUntil', 'must lie in the future');
  if (given > dayYearsOn(now, longestValidityYears))
    throw invalid('validUntil', `must be within ${longestValidityYears} years`);
  return given;
}

function dayYearsOn(now: Date, years: number): string {
  const day = new Date(now);
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day.toISOString().slice(0, 10);
}
