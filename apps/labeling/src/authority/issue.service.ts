import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  AppError,
  CertificateIssued,
  certificate as certificateSchema,
  certificateProfiles,
  country,
  type Country,
} from '#contracts';
import type { LabelScope } from '#label';
import { type Certificate } from '#pki';
import { createBundleSigner, createCountryCa, createLabelSigner, createRoot, newSerialNumber } from '#pki/sign';
import { CLOCK, newId, publish, type Clock } from '#platform';
import { Audit } from '../audit.js';
import { markBundleChanged } from '../bundle/bundle.queries.js';
import { Database, type Tx } from '../database.js';
import { holdOf, lockOrganisation } from '../revocations/revocations.queries.js';
import { isIssued, openAuthority, type CertificateRow, type IssuedRow } from './certificate.queries.js';
import type { Subject } from './certificate.rules.js';
import { Keyring } from './keyring.js';

/** What a certificate is to say, for the one of its slot. */
export interface CertificatePlan {
  slot: string;
  profile: (typeof certificateProfiles)[number];
  subject: Subject;
  notBefore: Date;
  /** None for the root, which signs itself. */
  issuer?: { id: string; crlUrl: string };
  country?: Country;
  scope?: LabelScope;
  producer?: { organisationId: string; window: number; signingUntil: Date };
}

const subjectSchema = z.object({
  commonName: z.string(),
  organisationalUnit: z.string().optional(),
  organisation: z.string(),
  locality: z.string().optional(),
  country: z.string(),
});
const scopeSchema = z.object({
  country: z.string(),
  gtinPrefixes: z.array(z.string()),
  hosts: z.array(z.string()),
  producerId: z.string().optional(),
});

/** Issues certificates: the intent is stored first, so that a crash at any point is finished by asking again. */
@Injectable()
export class IssueService {
  constructor(
    private readonly db: Database,
    private readonly keys: Keyring,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** The certificate of the plan's slot: the one that is there, else a new one as planned. */
  async ensure(plan: CertificatePlan): Promise<IssuedRow> {
    const row = await this.db.certificate.findUnique({ where: { slot: plan.slot } });
    if (row !== null && isIssued(row)) return row;
    if (row === null) await this.db.write((tx) => this.intend(tx, plan));
    return this.db.write((tx) => this.sign(tx, plan.slot));
  }

  private async intend(tx: Tx, plan: CertificatePlan): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${plan.slot}, 0))`;
    if ((await tx.certificate.findUnique({ where: { slot: plan.slot } })) !== null) return;
    const now = this.now();
    const { slot, profile, subject, notBefore, issuer, producer, scope } = plan;
    await tx.certificate.create({
      data: {
        id: newId(now),
        ...{ slot, profile, subject: { ...subject }, notBefore },
        country: plan.country ?? null,
        organisationId: producer?.organisationId ?? null,
        window: producer?.window ?? null,
        signingUntil: producer?.signingUntil ?? null,
        issuerId: issuer?.id ?? null,
        crlUrl: issuer?.crlUrl ?? null,
        keyId: await this.keys.create(tx, now),
        serialNumber: Uint8Array.from(newSerialNumber()),
        ...(scope === undefined ? {} : { scope: toJson(scope) }),
        createdAt: now,
      },
    });
  }

  private async sign(tx: Tx, slot: string): Promise<IssuedRow> {
    await tx.$executeRaw`SELECT 1 FROM certificate WHERE slot = ${slot} FOR UPDATE`;
    const intent = await tx.certificate.findUniqueOrThrow({ where: { slot }, include: { key: true } });
    if (isIssued(intent)) return intent;
    if (intent.organisationId !== null) await assertNotHeld(tx, intent.organisationId);
    const publicKey = createPublicKey({ key: Buffer.from(intent.key.publicKey), format: 'der', type: 'spki' });
    const entry = await this.entryOf(tx, intent);
    await this.audit.before(entry);
    const made = await this.make(tx, intent, publicKey);
    const now = this.now();
    const issued = await tx.certificate.update({
      where: { slot },
      data: {
        issuedAt: now,
        der: Uint8Array.from(made.der),
        fingerprint: made.fingerprint,
        kid: made.kid,
        subjectText: made.subjectText,
        notAfter: made.notAfter,
      },
    });
    if (!isIssued(issued)) throw new Error(`the certificate ${slot} was not stored whole`);
    await publish(tx, CertificateIssued, made.fingerprint, { certificate: certificateOf(issued) }, now);
    await markBundleChanged(tx);
    const details = { ...entry.details, fingerprint: made.fingerprint, kid: made.kid };
    await this.audit.after(tx, { ...entry, keyId: entry.keyId ?? made.kid, details }, 1);
    return issued;
  }

  /** The root signs itself: its key has no kid before there is a certificate of it. */
  private async entryOf(tx: Tx, intent: CertificateRow) {
    const { slot, profile, organisationId, issuerId, serialNumber } = intent;
    const issuer = issuerId === null ? null : await tx.certificate.findUniqueOrThrow({ where: { id: issuerId } });
    return {
      action: 'certificate.issue',
      organisationId,
      subject: Buffer.from(serialNumber).toString('hex'),
      keyId: issuer?.kid ?? null,
      details: { slot, profile },
    } as const;
  }

  /** Signs what the intent says; `#pki/sign` refuses to return anything else than what was intended. */
  private async make(tx: Tx, intent: CertificateRow, publicKey: KeyObject): Promise<Certificate> {
    const { serialNumber, notBefore, issuerId, crlUrl, signingUntil } = intent;
    const subject = subjectSchema.parse(intent.subject);
    if (issuerId === null || crlUrl === null) {
      return createRoot({ subject, notBefore, serialNumber, signer: await this.keys.signer(tx, intent.keyId) });
    }
    const issuer = await openAuthority(tx, this.keys, issuerId);
    const request = { subject, notBefore, serialNumber, publicKey, crlUrl };
    if (intent.profile === 'bundle-signer') return createBundleSigner(issuer, request);
    const scope = scopeSchema.parse(intent.scope);
    if (intent.profile === 'country-ca') return createCountryCa(issuer, { ...request, scope });
    if (signingUntil === null) throw new AppError('invalid', `the certificate ${intent.slot} has no signing window`);
    return createLabelSigner(issuer, { ...request, scope, signingUntil });
  }
}

/** Looked at again under the lock that a suspension takes: a certificate must not slip past it. */
async function assertNotHeld(tx: Tx, organisationId: string): Promise<void> {
  await lockOrganisation(tx, organisationId);
  const held = await holdOf(tx, organisationId);
  if (held !== null) throw new AppError('conflict', `the organisation gets no certificate: ${held}`);
}

const toJson = (scope: LabelScope) => ({ ...scope, gtinPrefixes: [...scope.gtinPrefixes], hosts: [...scope.hosts] });

/** The shape of the contract from a row. */
export function certificateOf(row: IssuedRow): z.infer<typeof certificateSchema> {
  return certificateSchema.parse({
    fingerprint: row.fingerprint,
    kid: row.kid,
    profile: row.profile,
    country: row.country === null ? null : country.parse(row.country),
    organisationId: row.organisationId,
    subject: row.subjectText,
    notBefore: row.notBefore.toISOString(),
    notAfter: row.notAfter?.toISOString(),
    der: Buffer.from(row.der).toString('base64'),
  });
}
