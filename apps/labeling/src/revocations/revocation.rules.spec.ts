import { describe, expect, it } from '@jest/globals';
import { AppError, revocationCauses, roles, type Role } from '#contracts';
import { causeRules, firstState, nextState, revocationActions, revocationStates } from './revocation.rules.js';

const actor = (role: Role, id = 'second') => ({ id, role, organisationId: null, country: null });

function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('asking for a revocation', () => {
  it.each(revocationCauses.flatMap((cause) => roles.map((role) => [cause, role] as const)))(
    'for %s as %s',
    (cause, role) => {
      const { targets, twoPeople } = causeRules[cause];
      const may = role === 'administrator' || (twoPeople && role === 'committee');
      for (const target of ['certificate', 'organisation', 'country'] as const) {
        const expected = !may ? 'forbidden' : !targets.includes(target) ? 'invalid' : twoPeople ? 'proposed' : 'done';
        expect(outcome(() => firstState(actor(role), cause, target))).toBe(expected);
      }
    },
  );
});

describe('going on with a revocation', () => {
  const all = revocationStates.flatMap((state) =>
    revocationActions.flatMap((action) => roles.map((role) => [state, action, role] as const)),
  );
  it.each(all)('that is %s: %s as %s', (state, action, role) => {
    const may = role === 'administrator' || (action === 'confirm' && role === 'committee');
    for (const cause of revocationCauses) {
      const next =
        state === 'proposed' && action === 'confirm'
          ? 'done'
          : state === 'proposed' && action === 'withdraw'
            ? 'withdrawn'
            : state === 'done' && action === 'reinstate' && cause === 'producer-suspended'
              ? 'lifted'
              : 'conflict';
      const revocation = { state, cause, proposedBy: 'first' };
      expect(outcome(() => nextState(revocation, action, actor(role)))).toBe(may ? next : 'forbidden');
    }
  });

  it('is never confirmed by whoever proposed it', () => {
    const revocation = { state: 'proposed', cause: 'key-stolen', proposedBy: 'first' } as const;
    for (const role of roles) {
      expect(outcome(() => nextState(revocation, 'confirm', actor(role, 'first')))).toBe('forbidden');
    }
  });
});
