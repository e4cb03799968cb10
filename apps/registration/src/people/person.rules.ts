import { AppError, invalid, type Country, type Organisation, type Role } from '#contracts';
import { assertCountry, type Acting } from '../access.rules.js';

/** In characters; NIST SP 800-63B asks for eight, for accounts that sign for a village a few more. */
export const shortestPassword = 12;

/** The kind of organisation that a role cannot do without. */
const kindOf: Partial<Record<Role, Organisation['kind']>> = { producer: 'producer', committee: 'committee' };

/**
 * Where an account or an API key of a role belongs: producers to a producer, committee members to a committee,
 * the others to an organisation or not; and the country, which is the organisation's when there is one.
 * @throws {AppError} `invalid` naming the field
 */
export function membership(
  wanted: { role: Role; country: Country | null },
  organisation: Organisation | null,
): { organisationId: string | null; country: Country | null } {
  const kind = kindOf[wanted.role];
  if (kind !== undefined && organisation === null) throw invalid('organisationId', `the role ${wanted.role} needs one`);
  if (kind !== undefined && organisation?.kind !== kind)
    throw invalid('organisationId', `the role ${wanted.role} needs an organisation of kind ${kind}`);
  if (organisation === null) return { organisationId: null, country: wanted.country };
  if (wanted.country !== null && wanted.country !== organisation.country)
    throw invalid('country', `the organisation is in ${organisation.country}`);
  return { organisationId: organisation.id, country: organisation.country };
}

/** Administrators enter anybody, officers the accounts of their country's producers. */
export function assertMayEnter(actor: Acting, person: { role: Role }, organisation: Organisation | null): void {
  if (actor.role === 'administrator') return;
  if (person.role !== 'producer')
    throw new AppError('forbidden', `only an administrator may enter an account with the role ${person.role}`);
  if (organisation !== null) assertCountry(actor, organisation.country);
}
