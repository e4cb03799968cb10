import { AppError, invalid, type Batch, type Product, type StepTemplate } from '#contracts';
import { addDays } from '../days.rules.js';

/** Best-before dates stand as YYMMDD in AI (15): further ahead, the century is misread (GS1 GenSpecs 7.12). */
const furthestYears = 49;
/** Lots and labels carry two digits of the year, and nothing that is sold was made longer ago: a year was mistyped. */
const oldestYears = 10;

/** What the register's copy says about a product, as far as its batches depend on it. */
export interface BatchProduct {
  status: Product['status'];
  certifiedUntil: string | null;
  shelfLifeDays: number | null;
  processTemplate: readonly Pick<StepTemplate, 'sequence' | 'code'>[];
}

/**
 * Decides whether a batch may be opened: made on or before today, of a product whose certification is in force,
 * by an organisation that is not suspended. That a committee approved it is implied by the certification.
 * The certification must reach to today, so it also covers the days since `madeOn`.
 * @param today the day in the organisation's country
 * @throws {AppError} `invalid` or `conflict`
 */
export function assertMayOpen(
  organisationStatus: string,
  product: Pick<BatchProduct, 'status' | 'certifiedUntil'>,
  madeOn: string,
  today: string,
): void {
  if (madeOn > today) throw invalid('madeOn', `must not be in the future; today is ${today}`);
  const oldest = addDays(today, -oldestYears * 366);
  if (madeOn < oldest) throw invalid('madeOn', `must not be before ${oldest}`);
  if (organisationStatus === 'suspended' || organisationStatus === 'closed')
    throw new AppError('conflict', `the organisation is ${organisationStatus}`);
  assertCertified(product);
  if (product.certifiedUntil === null || product.certifiedUntil < today)
    throw new AppError(
      'conflict',
      `the product's certification ended on ${product.certifiedUntil ?? 'an unknown day'}`,
    );
}

/** The lot of the nth batch that an organisation made in a year: short, so that the QR code stays small. */
export function lotNumber(madeOn: string, nth: number): string {
  return `${madeOn.slice(2, 4)}-${String(nth).padStart(4, '0')}`;
}

/** What a release says about a batch. */
export interface Release {
  unitsProduced: number;
  packedOn: string;
  bestBefore: string | null;
}

/**
 * Decides a release: every step of the template is on record, and the days are in order.
 * Without a best-before date the product's shelf life gives it; a product without one needs none.
 * @param recorded the sequences that have at least one step
 * @param today the day in the organisation's country
 * @throws {AppError} `conflict` when the batch is not open or a step is missing, `invalid` for a wrong day
 */
export function release(
  batch: Pick<Batch, 'status' | 'madeOn'>,
  product: BatchProduct,
  recorded: readonly number[],
  input: { unitsProduced: number; packedOn: string; bestBefore?: string | undefined },
  today: string,
): Release {
  if (batch.status !== 'open') throw new AppError('conflict', `the batch is already ${batch.status}`);
  assertCertified(product);
  assertComplete(product.processTemplate, recorded);
  const { unitsProduced, packedOn } = input;
  if (packedOn < batch.madeOn) throw invalid('packedOn', `must not be before the batch was made, on ${batch.madeOn}`);
  if (packedOn > today) throw invalid('packedOn', `must not be in the future; today is ${today}`);
  const { shelfLifeDays } = product;
  if (input.bestBefore === undefined)
    return { unitsProduced, packedOn, bestBefore: shelfLifeDays === null ? null : addDays(packedOn, shelfLifeDays) };
  assertBestBefore(input.bestBefore, packedOn, shelfLifeDays);
  return { unitsProduced, packedOn, bestBefore: input.bestBefore };
}

/** @throws {AppError} `conflict` unless the batch is on the market: released and not recalled yet */
export function assertMayRecall(batch: Pick<Batch, 'status'>): void {
  if (batch.status === 'open')
    throw new AppError('conflict', 'the batch is still open: only a released one is recalled');
  if (batch.status === 'recalled') throw new AppError('conflict', 'the batch is already recalled');
}

function assertCertified({ status }: Pick<BatchProduct, 'status'>): void {
  if (status === 'registered') throw new AppError('conflict', 'the product is not certified by a committee yet');
  if (status !== 'certified') throw new AppError('conflict', `the product is ${status}`);
}

function assertComplete(template: BatchProduct['processTemplate'], recorded: readonly number[]): void {
  const missing = template.filter(({ sequence }) => !recorded.includes(sequence));
  if (missing.length === 0) return;
  const list = missing.map(({ sequence, code }) => `${sequence} ${code}`).join(', ');
  throw new AppError(
    'conflict',
    `these steps of the process are not recorded: ${list}`,
    missing.map(({ sequence, code }) => ({ field: `steps.${sequence}`, message: `${code} is not recorded` })),
  );
}

/** A shelf life in years counts 365 days for each, so a date may lie a leap day a year beyond it, no further. */
function assertBestBefore(bestBefore: string, packedOn: string, shelfLifeDays: number | null): void {
  if (bestBefore < packedOn) throw invalid('bestBefore', `must not be before packing, on ${packedOn}`);
  const furthestDays = Math.min(
    shelfLifeDays === null ? Infinity : shelfLifeDays + Math.ceil(shelfLifeDays / 365),
    furthestYears * 365,
  );
  const latest = addDays(packedOn, furthestDays);
  if (bestBefore > latest)
    throw invalid(
      'bestBefore',
      shelfLifeDays === null
        ? `must not be after ${latest}`
        : `must not be after ${latest}: the product is certified for ${shelfLifeDays} days`,
    );
}
