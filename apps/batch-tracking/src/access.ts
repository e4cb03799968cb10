import { AppError, type Country } from '#contracts';
import { assertOwn, type Principal } from '#platform';

/** Whom a batch belongs to. */
export interface Owner {
  organisationId: string;
  country: Country;
}

/**
 * Refuses what the actor has no part in: a producer acts for its own organisation only,
 * an officer, committee or inspector with a country only there.
 * @throws {AppError} `forbidden`
 */
export function assertMayAct(actor: Principal, owner: Owner): void {
  assertOwn(actor, owner.organisationId);
  if (actor.role === 'administrator' || actor.role === 'producer') return;
  if (actor.country !== null && actor.country !== owner.country)
    throw new AppError('forbidden', `this belongs to ${owner.country}, you work in ${actor.country}`);
}

/**
 * The batches that the actor may see, as a condition of the query; `organisationId` narrows it further.
 * @throws {AppError} `forbidden` for a producer that asks for another organisation, or that has none
 */
export function scopeOf(
  actor: Principal,
  organisationId?: string,
): { organisationId?: string; organisation?: { country: Country } } {
  if (actor.role === 'producer') {
    if (actor.organisationId === null) throw new AppError('forbidden', 'you belong to no organisation');
    assertOwn(actor, organisationId ?? actor.organisationId);
    return { organisationId: actor.organisationId };
  }
  return {
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(actor.role === 'administrator' || actor.country === null ? {} : { organisation: { country: actor.country } }),
  };
}
