import { Inject, Injectable } from '@nestjs/common';
import { AppError, country as countrySchema, quantity, type Country } from '#contracts';
import { findScopeFault, iatOf, type LabelScope } from '#label';
import { parseCertificate } from '#pki';
import { prepareLabelRun } from '#pki/sign';
import { assertOwn, CLOCK, CONFIG, currentContext, newId, type Clock, type Principal } from '#platform';
import { assertMayAct } from '../access.js';
import { Audit } from '../audit.js';
import { isIssued, type IssuedRow } from '../authority/certificate.queries.js';
import { Keyring } from '../authority/keyring.js';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';
import { holdOf, lockOrganisation } from '../revocations/revocations.queries.js';
import { assertAllowance, assertLabelable, attributesOf, certificateInWindow, languageOf } from './print-run.rules.js';
import type { PrintRun, PrintRunPage, PrintRunSearch, RequestPrintRun, SheetFacts } from './print-run.schemas.js';
import { committedLabels, lockBatch, namesOf, templateOf, toPrintRun } from './print-runs.queries.js';
import type { BatchRow, PrintRunRow } from './print-runs.queries.js';
import { SigningService } from './signing.service.js';

@Injectable()
export class PrintRunsService {
  constructor(
    private readonly db: Database,
    private readonly keys: Keyring,
    private readonly signing: SigningService,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Stores what is to be signed, of which batch, how often and with which key; the signing follows by itself. */
  async request(actor: Principal, input: RequestPrintRun): Promise<PrintRun> {
    const run = await this.db.write((tx) => this.intend(tx, actor, input));
    this.signing.poke();
    return run;
  }

  private async intend(tx: Tx, actor: Principal, { batchId, count, language }: RequestPrintRun): Promise<PrintRun> {
    const now = this.now();
    const batch = await lockBatch(tx, batchId);
    const { country, producer, village } = await this.producerOf(tx, batch);
    assertMayAct(actor, { organisationId: batch.organisationId, country });
    const product = await tx.product.findUnique({ where: { id: batch.productId } });
    assertLabelable(batch, product, now);
    const certificate = await this.certificateFor(tx, batch.organisationId, now);
    const allowancePercent = this.config.LABEL_ALLOWANCE_PERCENT;
    assertAllowance(batch, { committed: await committedLabels(tx, batchId), count, allowancePercent });

    const authority = await tx.authority.findUniqueOrThrow({ where: { id: 1 } });
    const dayText = (day: Date | null): string | null => day?.toISOString().slice(0, 10) ?? null;
    const facts: SheetFacts = {
      product: namesOf(product?.names),
      ...{ producer, village, country, demo: authority.demo },
      netContent: quantity.parse(product?.netContent),
      packedOn: dayText(batch.packedOn),
      bestBefore: dayText(batch.bestBefore),
    };
    const { host, baseUrl } = this.config.labelOrigin;
    const { productId, organisationId, gtin, lot } = batch;
    const id = newId(now);
    const row = await tx.printRun.create({
      data: {
        ...{ id, batchId, productId, organisationId, country, gtin, lot, host, baseUrl, facts, count },
        certificateId: certificate.id,
        kid: certificate.kid,
        iat: iatOf(now),
        attributes: attributesOf(batch, country),
        language: language ?? languageOf[country],
        status: 'signing',
        requestedBy: actor.id,
        correlationId: currentContext()?.correlationId ?? id,
        createdAt: now,
      },
    });
    assertSignable(row, parseCertificate(certificate.der).scope);
    await this.audit.after(tx, {
      ...{ action: 'print-run.request', actor, organisationId, subject: id, keyId: certificate.kid },
      details: { batchId, count },
    });
    return toPrintRun(row);
  }

  private async producerOf(tx: Tx, batch: BatchRow) {
    const organisation = await tx.organisation.findUnique({ where: { id: batch.organisationId } });
    const place = organisation && (await tx.place.findUnique({ where: { id: organisation.placeId } }));
    if (organisation === null || place === null)
      throw new AppError('conflict', `the producer of batch ${batch.lot} or its village is not known here yet`);
    const { names, code, publicName, status } = organisation;
    if (status !== 'approved')
      throw new AppError('conflict', `producer ${code} is ${status}; only an approved one may have labels signed`);
    const country: Country = countrySchema.parse(organisation.country);
    return { country, producer: publicName ? namesOf(names) : { en: code }, village: namesOf(place.names) };
  }

  /** A certificate whose window is open and whose key this process can use. */
  private async certificateFor(tx: Tx, organisationId: string, now: Date): Promise<IssuedRow> {
    const authority = await tx.authority.findUnique({ where: { id: 1 } });
    if (authority === null || authority.completeAt === null)
      throw new AppError(
        'unavailable',
        'no labels can be signed: this installation has no certification authority yet',
      );
    const rows = await tx.certificate.findMany({ where: { organisationId, profile: 'label-signer' } });
    await lockOrganisation(tx, organisationId);
    const held = await holdOf(tx, organisationId);
    if (held !== null) throw new AppError('conflict', `no labels are signed for this organisation at present: ${held}`);
    const certificate = certificateInWindow(rows.filter(isIssued), now);
    await assertIssuerInForce(tx, certificate);
    await this.keys.signer(tx, certificate.keyId);
    return certificate;
  }

  /** Print runs of the batches that the actor has a part in. */
  async search(actor: Principal, { batchId, organisationId, cursor, limit }: PrintRunSearch): Promise<PrintRunPage> {
    if (organisationId !== undefined) assertOwn(actor, organisationId);
    const own = actor.role === 'producer' ? (actor.organisationId ?? undefined) : organisationId;
    if (actor.role === 'producer' && own === undefined)
      throw new AppError('forbidden', 'your account belongs to no organisation');
    const rows = await this.db.printRun.findMany({
      where: {
        ...(batchId === undefined ? {} : { batchId }),
        ...(own === undefined ? {} : { organisationId: own }),
        ...(actor.role !== 'officer' || actor.country === null ? {} : { country: actor.country }),
      },
      ...(cursor === undefined ? {} : { cursor: { id: cursor }, skip: 1 }),
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit).map(toPrintRun);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async get(actor: Principal, id: string): Promise<PrintRun> {
    return toPrintRun(await this.find(actor, id));
  }

  /** A run that the actor has a part in. */
  async find(actor: Principal, id: string): Promise<PrintRunRow> {
    const row = await this.db.printRun.findUnique({ where: { id } });
    if (row === null) throw new AppError('not-found', `there is no print run ${id}`);
    assertMayAct(actor, row);
    return row;
  }
}

/** Labels under a revoked CA would be refused by every verifier. */
async function assertIssuerInForce(tx: Tx, { issuerId }: IssuedRow): Promise<void> {
  if (issuerId === null) return;
  await tx.$executeRaw`SELECT 1 FROM certificate WHERE id = ${issuerId}::uuid FOR SHARE`;
  const issuer = await tx.certificate.findUnique({ where: { id: issuerId } });
  if (issuer !== null && issuer.revokedAt !== null)
    throw new AppError('conflict', `no labels can be signed: the CA of ${issuer.country ?? 'the producer'} is revoked`);
}

/** Refuses, before anything is promised, a run whose labels verifiers would not accept. */
function assertSignable(row: PrintRunRow, scope: LabelScope | undefined): void {
  const { kid, iat, baseUrl, ...template } = templateOf(row);
  const outside = scope === undefined ? 'scope' : findScopeFault(scope, template);
  if (outside !== undefined)
    throw new AppError('conflict', `labels of batch ${row.lot} lie outside what the certificate allows: ${outside}`);
  try {
    prepareLabelRun(template, { kid, iat }, baseUrl ?? undefined);
  } catch (error) {
    throw new AppError('conflict', `labels of batch ${row.lot} would not be readable`, [], error);
  }
}
