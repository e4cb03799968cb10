import { AppError, invalid, type Country, type Organisation, type Role } from '#contracts';

/** Who acts: the part of the principal that decisions about access need. */
export interface Acting {
  role: Role;
  organisationId: string | null;
  country: Country | null;
}

/** Refuses officers, committees and inspectors another country than theirs; without a country they have every one. */
export function assertCountry(actor: Acting, country: Country): void {
  if (actor.role !== 'administrator' && actor.country !== null && actor.country !== country)
    throw new AppError('forbidden', `this belongs to ${country}, you work in ${actor.country}`);
}

/**
 * Who sees and changes what belongs to an organisation: producers their own, officers, committees and
 * inspectors their country's, administrators everything.
 */
export function assertWithin(actor: Acting, owner: { organisationId: string; country: Country }): void {
  if (actor.role === 'producer' && actor.organisationId !== owner.organisationId)
    throw new AppError('forbidden', 'this belongs to another organisation');
  assertCountry(actor, owner.country);
}

/**
 * The limits of a list, by the same rule as {@link assertWithin}.
 * @throws {AppError} `forbidden` when the filters ask for what lies outside
 */
export function limitsOf(
  actor: Acting,
  wanted: { organisationId?: string | undefined; country?: Country | undefined },
): { organisationId?: string; country?: Country } {
  const { organisationId, country } = wanted;
  if (country !== undefined) assertCountry(actor, country);
  if (actor.role !== 'producer') {
    const limit = actor.role === 'administrator' ? country : (country ?? actor.country ?? undefined);
    return {
      ...(organisationId === undefined ? {} : { organisationId }),
      ...(limit === undefined ? {} : { country: limit }),
    };
  }
  const own = actor.organisationId;
  if (own === null) throw new AppError('forbidden', 'your account belongs to no organisation');
  if (organisationId !== undefined && organisationId !== own)
    throw new AppError('forbidden', 'this belongs to another organisation');
  return { organisationId: own, ...(country === undefined ? {} : { country }) };
}

/** The committee that a decision is entered for: a member's own, or the one that an administrator names. */
export function decidingCommittee(actor: Acting, named: string | undefined): string {
  if (actor.role !== 'committee') {
    if (named === undefined) throw invalid('committeeId', 'must name the committee that decided');
    return named;
  }
  if (actor.organisationId === null) throw new AppError('forbidden', 'your account belongs to no committee');
  if (named !== undefined && named !== actor.organisationId)
    throw new AppError('forbidden', 'you may enter decisions of your own committee only');
  return actor.organisationId;
}

/** A decision about something in `country` needs a committee of that country that is at work. */
export function assertDecides(
  committee: Pick<Organisation, 'code' | 'kind' | 'country' | 'status'>,
  country: Country,
): void {
  if (committee.kind !== 'committee')
    throw invalid('committeeId', `${committee.code} is not a committee but of kind ${committee.kind}`);
  if (committee.status === 'suspended' || committee.status === 'closed')
    throw new AppError('forbidden', `committee ${committee.code} is ${committee.status}`);
  if (committee.country !== country)
    throw new AppError('forbidden', `committee ${committee.code} decides in ${committee.country}, not in ${country}`);
}
