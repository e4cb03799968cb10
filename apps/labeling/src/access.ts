import { AppError } from '#contracts';
import { assertOwn, type Principal } from '#platform';

/**
 * Refuses what the actor has no part in: a producer acts for its own organisation only,
 * an officer with a country only there.
 * @throws {AppError} `forbidden`
 */
export function assertMayAct(actor: Principal, owner: { organisationId: string; country: string }): void {
  assertOwn(actor, owner.organisationId);
  if (actor.role === 'officer' && actor.country !== null && actor.country !== owner.country)
    throw new AppError('forbidden', `this belongs to ${owner.country}, you work in ${actor.country}`);
}
