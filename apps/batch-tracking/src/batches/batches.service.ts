import { Inject, Injectable } from '@nestjs/common';
import { AppError, BatchOpened, BatchRecalled, BatchReleased, type Batch } from '#contracts';
import { assertOwn, CLOCK, newId, publish, type Clock, type Principal } from '#platform';
import { assertMayAct, scopeOf } from '../access.js';
import { Database, type Tx } from '../database.js';
import { dayIn } from '../days.rules.js';
import { assertPlaceKnown, unknown } from '../register/register.queries.js';
import { stepOrder, toStepDetail, withCorrections } from '../steps/steps.queries.js';
import { assertMayOpen, assertMayRecall, release } from './batch.rules.js';
import type { BatchDetail, BatchPage, BatchSearch, OpenBatch, RecallBatch, ReleaseBatch } from './batch.schemas.js';
import { findBatch, lockBatch, ownerOf, takeLot, toBatch, toProduct } from './batches.queries.js';

@Injectable()
export class BatchesService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Opens a batch of a certified product under a lot of its own. */
  async open(actor: Principal, input: OpenBatch): Promise<Batch> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const { product, organisation, country } = await lockMaking(tx, actor, input.productId);
      assertMayOpen(organisation.status, toProduct(product), input.madeOn, dayIn(country, now));
      const placeId = input.placeId ?? organisation.placeId;
      await assertPlaceKnown(tx, placeId, 'placeId');
      const lot = input.lot ?? (await takeLot(tx, organisation.id, product.gtin, input.madeOn));
      await assertLotIsFree(tx, product.gtin, lot);
      const row = await tx.batch.create({
        data: {
          ...{ id: newId(now), productId: product.id, organisationId: organisation.id, placeId },
          ...{ gtin: product.gtin, lot, madeOn: new Date(input.madeOn) },
          ...{ openedBy: actor.id, openedAt: now },
        },
      });
      const batch = toBatch(row);
      await publish(tx, BatchOpened, batch.id, { batch }, now);
      return batch;
    });
  }

  /** A page of batches, the latest first; a producer sees its own, others those of their country. */
  async search(actor: Principal, query: BatchSearch): Promise<BatchPage> {
    const { productId, status, cursor, limit } = query;
    const rows = await this.db.batch.findMany({
      where: {
        ...scopeOf(actor, query.organisationId),
        ...(productId === undefined ? {} : { productId }),
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { id: { lt: cursor } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit).map(toBatch);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** A batch with its steps and all their corrections. */
  async get(actor: Principal, id: string): Promise<BatchDetail> {
    const row = await findBatch(this.db, id);
    assertMayAct(actor, ownerOf(row));
    const steps = await this.db.step.findMany({ where: { batchId: id }, orderBy: [...stepOrder], ...withCorrections });
    const { openedBy, openedAt, releasedBy, releasedAt, recallReason: reason, recalledBy, recalledAt } = row;
    return {
      ...toBatch(row),
      ...{ openedBy, openedAt: openedAt.toISOString() },
      ...{ releasedBy, releasedAt: releasedAt?.toISOString() ?? null },
      recall:
        reason === null || recalledBy === null || recalledAt === null
          ? null
          : { reason, recalledBy, recalledAt: recalledAt.toISOString() },
      steps: steps.map(toStepDetail),
    };
  }

  /** Finishes a batch with its count of units: labels may be signed for it from then on. */
  async release(actor: Principal, id: string, input: ReleaseBatch): Promise<Batch> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const row = await lockBatch(tx, id);
      const owner = ownerOf(row);
      assertMayAct(actor, owner);
      const recorded = await tx.step.findMany({
        where: { batchId: id },
        distinct: ['sequence'],
        select: { sequence: true },
      });
      const sequences = recorded.map(({ sequence }) => sequence);
      const decided = release(toBatch(row), toProduct(row.product), sequences, input, dayIn(owner.country, now));
      const { unitsProduced, packedOn, bestBefore } = decided;
      const released = await tx.batch.update({
        where: { id },
        data: {
          ...{ status: 'released', unitsProduced, packedOn: new Date(packedOn) },
          bestBefore: bestBefore === null ? null : new Date(bestBefore),
          ...{ releasedBy: actor.id, releasedAt: now },
        },
      });
      const batch = toBatch(released);
      await publish(tx, BatchReleased, id, { batch }, now);
      return batch;
    });
  }

  /** Calls a released batch back from the market. */
  async recall(actor: Principal, id: string, { reason }: RecallBatch): Promise<Batch> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const row = await lockBatch(tx, id);
      assertMayAct(actor, ownerOf(row));
      assertMayRecall(toBatch(row));
      const recalled = await tx.batch.update({
        where: { id },
        data: { status: 'recalled', recallReason: reason, recalledBy: actor.id, recalledAt: now },
      });
      const batch = toBatch(recalled);
      await publish(tx, BatchRecalled, id, { batch, reason }, now);
      return batch;
    });
  }
}

/** What a new batch is made of; the product's row stays locked, so that its batches are opened one after another. */
async function lockMaking(tx: Tx, actor: Principal, productId: string) {
  await tx.$queryRaw`SELECT id FROM product WHERE id = ${productId}::uuid FOR UPDATE`;
  const product = await tx.product.findUnique({ where: { id: productId } });
  if (product === null) throw unknown('productId', 'product', productId);
  assertOwn(actor, product.organisationId);
  const organisation = await tx.organisation.findUnique({ where: { id: product.organisationId } });
  if (organisation === null)
    throw new AppError('unavailable', "the product's organisation is not known here yet; try again in a moment");
  const owner = ownerOf({ organisation });
  assertMayAct(actor, owner);
  return { product, organisation, country: owner.country };
}

async function assertLotIsFree(tx: Tx, gtin: string, lot: string): Promise<void> {
  if ((await tx.batch.count({ where: { gtin, lot } })) > 0)
    throw new AppError('conflict', `lot ${lot} of GTIN ${gtin} exists already; a lot names one batch only`);
}
