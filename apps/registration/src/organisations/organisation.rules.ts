import { AppError, invalid, type Organisation, type Place } from '#contracts';
import { isRestrictedCirculation } from '#label';
import { assertCountry, assertDecides, type Acting } from '../access.rules.js';

const codeLetters: Record<Organisation['kind'], string> = {
  producer: 'P',
  committee: 'C',
  authority: 'A',
  laboratory: 'L',
  intermediary: 'I',
};
const organisationDigits = 5;
const highestOrganisation = 10 ** organisationDigits - 1;

/** The code that the register gives: `P-000001` for the first producer. */
export const codeOf = (kind: Organisation['kind'], number: number): string =>
  `${codeLetters[kind]}-${String(number).padStart(6, '0')}`;

/** Keeps codes that the register may yet give itself from being given by hand. */
export function assertFreeForm(code: string): void {
  if (/^[PCALI]-\d+$/.test(code)) throw invalid('code', 'codes of this form are given by the register; leave it away');
}

/**
 * The leading digits of all GTIN-13 of an organisation: the programme's prefix and five digits of its own.
 * @throws {AppError} `conflict` when the programme's prefix is used up
 */
export function gtinPrefixOf(programmePrefix: string, number: number): string {
  if (number > highestOrganisation)
    throw new AppError('conflict', `the programme prefix ${programmePrefix} has no organisation number left`);
  const prefix = `${programmePrefix}${String(number).padStart(organisationDigits, '0')}`;
  if (isRestrictedCirculation(`0${prefix}`)) throw new Error(`${programmePrefix} is a restricted-circulation prefix`);
  return prefix;
}

/** Who may enter an organisation where: officers in their country; committees and authorities only administrators. */
export function assertMayRegister(
  actor: Acting,
  kind: Organisation['kind'],
  place: Pick<Place, 'level' | 'country'>,
): void {
  if (actor.role !== 'administrator' && (kind === 'committee' || kind === 'authority'))
    throw new AppError('forbidden', `only an administrator may enter a ${kind}`);
  assertCountry(actor, place.country);
  if (kind === 'producer' && place.level < 3)
    throw invalid(
      'placeId',
      `a producer needs a village (level 4) or rural municipality (3), this place has level ${place.level}`,
    );
}

/**
 * The organisation approved by a committee of its country.
 * @throws {AppError} `conflict` unless it is registered and not yet decided on
 */
export function approve(organisation: Organisation, committee: Organisation): Organisation {
  assertDecides(committee, organisation.country);
  if (organisation.id === committee.id) throw new AppError('forbidden', 'a committee may not approve itself');
  if (organisation.status !== 'registered')
    throw new AppError('conflict', `organisation ${organisation.code} is ${organisation.status} already`);
  return { ...organisation, status: 'approved' };
}
