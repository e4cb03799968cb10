import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '#contracts';
import { isScopeSubset } from '#label';
import { parseCertificate } from '#pki';
import { CLOCK, CONFIG, LOG, type Clock, type Log } from '#platform';
import { Audit } from '../audit.js';
import { BackgroundTask } from '../background-task.js';
import { BundleService } from '../bundle/bundle.service.js';
import type { Config } from '../config.js';
import { Database } from '../database.js';
import { CeremonyService } from './ceremony.service.js';
import { isIssued, readyProducers, type DueProducer, type IssuedRow } from './certificate.queries.js';
import {
  authoritySubject,
  dayOf,
  isSignerEnding,
  monthsAfter,
  neededWindow,
  producerScope,
  producerSubject,
  seat,
  windowMonths,
} from './certificate.rules.js';
import { CrlService } from './crl.service.js';
import { ImportService } from './import.service.js';
import { IssueService, type CertificatePlan } from './issue.service.js';
import { isPresent } from './offline.js';

const hour = 3_600_000;

/** Sees to it that everybody who may sign can: certificates when they are due, CRLs before they age. */
@Injectable()
export class AuthorityService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: BackgroundTask;
  /** Why no certificate was issued, by slot. */
  private readonly refusals = new Map<string, string>();

  constructor(
    private readonly db: Database,
    private readonly ceremony: CeremonyService,
    private readonly imports: ImportService,
    private readonly issuer: IssueService,
    private readonly crls: CrlService,
    private readonly bundle: BundleService,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.task = new BackgroundTask('authority', log, { sweepMilliseconds: hour }, () => this.keepCurrent());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** Says that an organisation may have become ready for a certificate. */
  poke(): void {
    this.task.poke();
  }

  /** Does whatever is due now. Without an authority nothing is: certificates wait until there is one. */
  async keepCurrent(): Promise<void> {
    if (this.config.DEMO_AUTHORITY) await this.ceremony.perform();
    await this.imports.refresh();
    const authority = await this.db.authority.findUnique({ where: { id: 1 } });
    if (authority === null || authority.completeAt === null) return;
    // First what protects: a revocation must be in its CRL within a minute, whatever else is due.
    await this.crls.refresh();
    this.bundle.poke();
    await this.issueLabelSigners(authority.demo);
    await this.renewBundleSigner(authority.demo);
    this.bundle.poke();
  }

  private async issueLabelSigners(demo: boolean): Promise<void> {
    const now = this.now();
    for (const producer of await readyProducers(this.db, now)) {
      const window = neededWindow(producer.last, now);
      if (window !== null) await this.issueLabelSigner(producer, window, demo);
    }
  }

  /** One producer whose data do not allow a certificate must not keep the others waiting. */
  private async issueLabelSigner(producer: DueProducer, window: number, demo: boolean): Promise<void> {
    try {
      await this.issuer.ensure(await this.planLabelSigner(producer, window, demo));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      this.log.emit('error', 'a label-signing certificate cannot be issued', { organisationId: producer.id }, error);
      await this.recordRefusal(`label-signer:${producer.id}:${window}`, producer.id, error);
    }
  }

  /** Recorded once while the reason stays: every pass tries again. */
  private async recordRefusal(slot: string, organisationId: string, { code, message }: AppError): Promise<void> {
    if (this.refusals.get(slot) === message) return;
    const details = { reason: message.slice(0, 500) };
    await this.audit.refused({ action: 'certificate.issue', organisationId, subject: slot, details }, code);
    this.refusals.set(slot, message);
  }

  private async planLabelSigner(producer: DueProducer, window: number, demo: boolean): Promise<CertificatePlan> {
    const { id: organisationId, country } = producer;
    const ca = await this.issued(`country-ca:${country}`);
    if (ca.revokedAt !== null) throw new AppError('conflict', `the CA of ${country} is revoked; it issues nothing`);
    const scope = producerScope(producer, this.config.labelOrigin.host);
    const issuerScope = parseCertificate(ca.der).scope;
    if (issuerScope === undefined || !isScopeSubset(scope, issuerScope))
      throw new AppError('conflict', `the GTIN prefix ${producer.gtinPrefix} is outside what the CA may allow`);
    const notBefore = dayOf(this.now());
    return {
      ...{ slot: `label-signer:${organisationId}:${window}`, profile: 'label-signer', notBefore, country, scope },
      subject: producerSubject(producer, demo),
      issuer: { id: ca.id, crlUrl: this.crls.url(country.toLowerCase()) },
      producer: { organisationId, window, signingUntil: monthsAfter(notBefore, windowMonths) },
    };
  }

  private async renewBundleSigner(demo: boolean): Promise<void> {
    if ((await this.db.certificate.count({ where: { slot: 'root', key: isPresent } })) === 0) return;
    const signers = { profile: 'bundle-signer' };
    const last = await this.db.certificate.findFirst({ where: signers, orderBy: { createdAt: 'desc' } });
    if (last?.notAfter !== null && last?.notAfter !== undefined && !isSignerEnding(last.notAfter, this.now())) return;
    const made = await this.db.certificate.count({ where: { ...signers, issuedAt: { not: null } } });
    const root = await this.issued('root');
    await this.issuer.ensure({
      ...{ slot: `bundle-signer:${made + 1}`, profile: 'bundle-signer', notBefore: dayOf(this.now()) },
      subject: authoritySubject('OVOP Trust Bundle Signer', seat, demo),
      issuer: { id: root.id, crlUrl: this.crls.url('root') },
    });
  }

  private async issued(slot: string): Promise<IssuedRow> {
    const row = await this.db.certificate.findUnique({ where: { slot } });
    if (row === null || !isIssued(row)) throw new AppError('unavailable', `the authority has no certificate ${slot}`);
    return row;
  }
}
