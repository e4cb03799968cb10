import { Inject, Injectable } from '@nestjs/common';
import { AppError, CertificateRevoked, country, revocationCause } from '#contracts';
import { CLOCK, newId, publish, type Clock, type Principal } from '#platform';
import { Audit } from '../audit.js';
import { AuthorityService } from '../authority/authority.service.js';
import { Database, type Tx } from '../database.js';
import { causeRules, firstState, nextState, type RevocationAction, type TargetKind } from './revocation.rules.js';
import { revocation as revocationSchema, type AskRevocation, type Revocation } from './revocation.schemas.js';
import { lockOrganisation, lockRevocation, revokeCertificates, stopRuns, toRevocation } from './revocations.queries.js';
import type { RevocationRow } from './revocations.queries.js';

const listed = 200;

interface Target {
  kind: TargetKind;
  certificateId: string | null;
  organisationId: string | null;
  country: string | null;
}

/** Revokes certificates: one transaction for the decision and its effect; CRLs and the bundle follow at once. */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly db: Database,
    private readonly authority: AuthorityService,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** The latest revocations, the newest first. */
  async list(): Promise<Revocation[]> {
    const rows = await this.db.revocation.findMany({ orderBy: { id: 'desc' }, take: listed });
    return rows.map(toRevocation);
  }

  /**
   * Revokes at once, or stores a proposal where a second person has to confirm.
   * @throws {AppError} `forbidden`, `invalid` by the rules; `not-found`; `conflict` when there is nothing to revoke
   */
  async ask(actor: Principal, { subject, cause, note }: AskRevocation): Promise<Revocation> {
    const made = await this.db.write(async (tx) => {
      const now = this.now();
      const { kind, ...target } = await findTarget(tx, subject);
      const state = firstState(actor, cause, kind);
      const decided = state === 'done' ? { decidedBy: actor.id, decidedAt: now } : {};
      const row = await tx.revocation.create({
        data: {
          ...{ id: newId(now), cause, note: note ?? null, state, proposedBy: actor.id, proposedAt: now },
          ...target,
          ...decided,
        },
      });
      if (state === 'done') await this.carryOut(tx, row, actor, now);
      else await this.tell(tx, 'revocation.request', row, actor);
      return toRevocation(row);
    });
    this.authority.poke();
    return made;
  }

  /** Confirms, withdraws or lifts a revocation. */
  async goOn(actor: Principal, id: string, action: RevocationAction): Promise<Revocation> {
    const made = await this.db.write(async (tx) => {
      const now = this.now();
      const before = await lockRevocation(tx, id);
      const { cause, proposedBy } = before;
      const { state: current } = revocationSchema.pick({ state: true }).parse(before);
      const state = nextState({ state: current, cause: revocationCause.parse(cause), proposedBy }, action, actor);
      const by =
        action === 'reinstate' ? { liftedBy: actor.id, liftedAt: now } : { decidedBy: actor.id, decidedAt: now };
      const row = await tx.revocation.update({ where: { id }, data: { state, ...by } });
      if (action === 'confirm') await this.carryOut(tx, row, actor, now);
      else await this.tell(tx, 'revocation.approve', row, actor);
      return toRevocation(row);
    });
    this.authority.poke();
    return made;
  }

  /** The effect, all in the transaction of the decision. A suspension holds even where no certificate is yet. */
  private async carryOut(tx: Tx, row: RevocationRow, actor: Principal, now: Date): Promise<void> {
    const cause = revocationCause.parse(row.cause);
    const { reason, holds } = causeRules[cause];
    if (row.organisationId !== null) await lockOrganisation(tx, row.organisationId);
    const revoked = await revokeCertificates(tx, row, cause, now);
    if (revoked.length === 0 && !holds)
      throw new AppError('conflict', 'there is nothing to revoke: no such certificate is in use');
    const ids = revoked.map(({ id }) => id);
    const stopped = await stopRuns(tx, ids, cause);
    for (const { fingerprint, kid, profile, country: of, organisationId } of revoked) {
      const data = { fingerprint, kid, profile, organisationId, cause, reason, revokedAt: now.toISOString() };
      const event = CertificateRevoked.data.parse({ ...data, country: of === null ? null : country.parse(of) });
      await publish(tx, CertificateRevoked, event.fingerprint, event, now);
    }
    await this.tell(tx, 'certificate.revoke', row, actor, { certificates: ids.length, stoppedRuns: Number(stopped) });
  }

  private tell(
    tx: Tx,
    action: 'revocation.request' | 'revocation.approve' | 'certificate.revoke',
    row: RevocationRow,
    actor: Principal,
    more: Record<string, number> = {},
  ): Promise<void> {
    const details = { cause: row.cause, state: row.state, country: row.country, ...more };
    return this.audit.after(tx, { action, actor, organisationId: row.organisationId, subject: row.id, details });
  }
}

async function findTarget(tx: Tx, subject: AskRevocation['subject']): Promise<Target> {
  const none = { certificateId: null, organisationId: null, country: null };
  if ('country' in subject) return { ...none, kind: 'country', country: subject.country };
  if ('organisationId' in subject) {
    const { organisationId } = subject;
    const known = await tx.organisation.findUnique({ where: { id: organisationId }, select: { id: true } });
    if (known === null) throw new AppError('not-found', `no organisation ${organisationId} is known here`);
    return { ...none, kind: 'organisation', organisationId };
  }
  const found = await tx.certificate.findUnique({ where: { fingerprint: subject.fingerprint } });
  if (found === null) throw new AppError('not-found', `there is no certificate ${subject.fingerprint}`);
  if (found.profile !== 'label-signer')
    throw new AppError('invalid', `subject: a certificate of the profile ${found.profile} cannot be named here`);
  return { kind: 'certificate', certificateId: found.id, organisationId: found.organisationId, country: null };
}
