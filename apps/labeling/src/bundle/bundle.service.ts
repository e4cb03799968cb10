import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError, TrustBundlePublished } from '#contracts';
import { parseCertificate } from '#pki';
import { createBundle } from '#pki/sign';
import { CLOCK, CONFIG, LOG, publish, type Clock, type Log } from '#platform';
import { Audit } from '../audit.js';
import { openAuthority } from '../authority/certificate.queries.js';
import { isStale } from '../authority/certificate.rules.js';
import { Keyring } from '../authority/keyring.js';
import { BackgroundTask } from '../background-task.js';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';
import { bundleFacts, lockBundleState } from './bundle.queries.js';
import { splitBundle } from './bundle.rules.js';

const hour = 3_600_000;
const day = 24 * hour;
const lifeDays = 30;

export interface TrustBundle {
  seq: number;
  jws: string;
}

/** Publishes the trust bundle: anew when something in it changed, and long before it ends. */
@Injectable()
export class BundleService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: BackgroundTask;

  constructor(
    private readonly db: Database,
    private readonly keys: Keyring,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) log: Log,
  ) {
    const options = { sweepMilliseconds: hour, gatherMilliseconds: config.BUNDLE_GATHER_MILLISECONDS };
    this.task = new BackgroundTask('trust-bundle', log, options, () => this.publishWhenDue());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** Says that the content may have changed; changes that come close together make one bundle. */
  poke(): void {
    this.task.poke();
  }

  /** The bundle in force. */
  async latest(): Promise<TrustBundle> {
    const bundle = await this.db.trustBundle.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, jws: true } });
    if (bundle === null) throw new AppError('not-found', 'there is no trust bundle yet: no authority has been set up');
    return bundle;
  }

  /** Publishes a bundle if its content changed since the last one, or the last one is old. */
  async publishWhenDue(): Promise<void> {
    const authority = await this.db.authority.findUnique({ where: { id: 1 } });
    if (authority === null || authority.completeAt === null) return;
    await this.db.write((tx) => this.publishNext(tx));
  }

  private async publishNext(tx: Tx): Promise<void> {
    const state = await lockBundleState(tx);
    const last = await tx.trustBundle.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, issuedAt: true } });
    const now = this.now();
    if (state === undefined) return;
    if (state.changes === state.published && last !== null && !isStale(last.issuedAt, now)) return;

    const seq = (last?.seq ?? 0) + 1;
    const nextUpdate = new Date(now.getTime() + lifeDays * day);
    const { jws, keyId } = await this.sign(tx, seq, now, nextUpdate);
    await tx.trustBundle.create({ data: { seq, issuedAt: now, nextUpdate, jws } });
    await tx.bundleState.update({ where: { id: 1 }, data: { published: state.changes } });
    const parts = splitBundle(jws);
    for (const [part, content] of parts.entries()) {
      const times = { issuedAt: now.toISOString(), nextUpdate: nextUpdate.toISOString() };
      await publish(
        tx,
        TrustBundlePublished,
        'trust-bundle',
        { seq, ...times, part, parts: parts.length, content },
        now,
      );
    }
    await this.audit.after(tx, { action: 'trust-bundle.publish', subject: String(seq), keyId }, 1);
  }

  private async sign(tx: Tx, seq: number, issuedAt: Date, nextUpdate: Date): Promise<{ jws: string; keyId: string }> {
    const signer = await tx.certificate.findFirstOrThrow({
      where: { profile: 'bundle-signer', issuedAt: { not: null } },
      orderBy: { notBefore: 'desc' },
    });
    const facts = await bundleFacts(tx);
    const root = facts.roots[0];
    if (root === undefined) throw new AppError('unavailable', 'the authority has no root');
    const authority = await openAuthority(tx, this.keys, signer.id);
    const content = { ...facts, seq, issuedAt, nextUpdate, hosts: [this.config.labelOrigin.host] };
    const keyId = authority.certificate.kid;
    await this.audit.before({ action: 'trust-bundle.publish', subject: String(seq), keyId });
    return { jws: await createBundle(content, authority, parseCertificate(root)), keyId };
  }
}
