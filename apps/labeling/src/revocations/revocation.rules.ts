import { AppError, type revocationReasons, type RevocationCause, type Role } from '#contracts';

/** `proposed` waits for a second person; `done` took effect; `lifted` ended a suspension; `withdrawn` never took effect. */
export const revocationStates = ['proposed', 'done', 'lifted', 'withdrawn'] as const;
export type RevocationState = (typeof revocationStates)[number];

/** What may happen to a revocation that exists. */
export const revocationActions = ['confirm', 'withdraw', 'reinstate'] as const;
export type RevocationAction = (typeof revocationActions)[number];

export type TargetKind = 'certificate' | 'organisation' | 'country';

/** Who acts, as far as the rules ask. */
interface Person {
  readonly id: string;
  readonly role: Role;
}

interface CauseRules {
  /** As RFC 5280 section 5.3.1 names it; what becomes of earlier labels: label profile, section 7. */
  readonly reason: (typeof revocationReasons)[number];
  readonly targets: readonly TargetKind[];
  /** A compromise takes labels back that were sold, so that nobody decides it alone. */
  readonly twoPeople: boolean;
  /** Whether the organisation gets no new certificate: until it is reinstated, or for good. */
  readonly holds: boolean;
}

export const causeRules: Readonly<Record<RevocationCause, CauseRules>> = {
  'key-lost': { reason: 'superseded', targets: ['certificate', 'organisation'], twoPeople: false, holds: false },
  'key-stolen': { reason: 'keyCompromise', targets: ['certificate', 'organisation'], twoPeople: true, holds: false },
  'producer-suspended': { reason: 'affiliationChanged', targets: ['organisation'], twoPeople: false, holds: true },
  'producer-closed': { reason: 'cessationOfOperation', targets: ['organisation'], twoPeople: false, holds: true },
  'ca-compromised': { reason: 'cACompromise', targets: ['country'], twoPeople: true, holds: false },
};

/** Causes after which an organisation has labels signed no more. */
export const holdingCauses: readonly RevocationCause[] = ['producer-suspended', 'producer-closed'];

const twoPeopleRoles: readonly Role[] = ['administrator', 'committee'];

/**
 * The state in which a new revocation begins.
 * @throws {AppError} `forbidden` for who may not ask for it, `invalid` when the cause does not fit what it is about
 */
export function firstState(actor: Person, cause: RevocationCause, target: TargetKind): RevocationState {
  const { targets, twoPeople } = causeRules[cause];
  assertRole(actor, twoPeople ? twoPeopleRoles : ['administrator'], `revoke for ${cause}`);
  if (!targets.includes(target))
    throw new AppError('invalid', `subject: ${cause} is about a ${targets.join(' or an ')}, not a ${target}`);
  return twoPeople ? 'proposed' : 'done';
}

const nextStates: Readonly<Record<RevocationAction, { from: RevocationState; to: RevocationState }>> = {
  confirm: { from: 'proposed', to: 'done' },
  withdraw: { from: 'proposed', to: 'withdrawn' },
  reinstate: { from: 'done', to: 'lifted' },
};

/**
 * The state after an action.
 * @throws {AppError} `forbidden` for who may not do it, `conflict` when the state does not allow it
 */
export function nextState(
  revocation: { state: RevocationState; cause: RevocationCause; proposedBy: string },
  action: RevocationAction,
  actor: Person,
): RevocationState {
  assertRole(actor, action === 'confirm' ? twoPeopleRoles : ['administrator'], `${action} a revocation`);
  const { from, to } = nextStates[action];
  if (revocation.state !== from)
    throw new AppError('conflict', `the revocation is ${revocation.state}; only one that is ${from} can be ${to}`);
  if (action === 'confirm' && revocation.proposedBy === actor.id)
    throw new AppError('forbidden', 'whoever proposed a revocation cannot confirm it; a second person has to');
  if (action === 'reinstate' && revocation.cause !== 'producer-suspended')
    throw new AppError('conflict', `a revocation for ${revocation.cause} is final; only a suspension can be lifted`);
  return to;
}

function assertRole(actor: Person, allowed: readonly Role[], what: string): void {
  if (allowed.includes(actor.role)) return;
  throw new AppError('forbidden', `to ${what} needs the role ${allowed.join(' or ')}, you are ${actor.role}`);
}
