import { AppError, countryNumeric, type Country, type Language } from '#contracts';

interface LabelledBatch {
  lot: string;
  status: string;
  unitsProduced: number | null;
}
interface LabelledProduct {
  gtin: string;
  status: string;
  certifiedUntil: Date;
}

/**
 * Labels are for what a committee certified and a producer finished.
 * @throws {AppError} `conflict` saying what is missing
 */
export function assertLabelable(batch: LabelledBatch, product: LabelledProduct | null, now: Date): void {
  if (batch.status !== 'released')
    throw new AppError(
      'conflict',
      `batch ${batch.lot} is ${batch.status}; labels are signed for released batches only`,
    );
  if (product === null || product.status !== 'certified')
    throw new AppError('conflict', `the product of batch ${batch.lot} is not certified`);
  const until = product.certifiedUntil.toISOString().slice(0, 10);
  if (until < now.toISOString().slice(0, 10))
    throw new AppError('conflict', `the certification of product ${product.gtin} ended on ${until}`);
}

/** How many labels a batch may have: its units and an allowance in percent for spoilt ones, rounded up. */
export function labelLimit(unitsProduced: number, allowancePercent: number): number {
  // Rounded to six digits first: 700 units and 7 percent are 49 spare labels, not the 50 of binary fractions.
  return unitsProduced + Math.ceil(Number(((unitsProduced * allowancePercent) / 100).toFixed(6)));
}

/**
 * Keeps a batch from having more labels than it may.
 * @param committed labels of all its runs, those still to be signed included, without the void ones
 * @throws {AppError} `conflict` with the numbers
 */
export function assertAllowance(
  batch: LabelledBatch,
  { committed, count, allowancePercent }: { committed: number; count: number; allowancePercent: number },
): void {
  const units = batch.unitsProduced ?? 0;
  const limit = labelLimit(units, allowancePercent);
  if (committed + count <= limit) return;
  throw new AppError(
    'conflict',
    `batch ${batch.lot} may have ${limit} labels (${units} units and ${allowancePercent} % spare); ` +
      `${committed} are signed or being signed, so ${Math.max(0, limit - committed)} more can be asked for, not ${count}`,
  );
}

/**
 * The certificate to sign with now: of those not revoked whose signing window holds the moment, the one that began last.
 * @throws {AppError} `conflict` when no window holds it
 */
export function certificateInWindow<T extends { notBefore: Date; signingUntil: Date | null; revokedAt?: Date | null }>(
  certificates: readonly T[],
  now: Date,
): T {
  const usable = certificates
    .filter(({ revokedAt }) => revokedAt === null || revokedAt === undefined)
    .filter(({ notBefore, signingUntil }) => notBefore <= now && signingUntil !== null && now < signingUntil)
    .toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  const [newest] = usable;
  if (newest !== undefined) return newest;
  const revoked = certificates.some(({ revokedAt }) => revokedAt !== null && revokedAt !== undefined);
  const why =
    certificates.length === 0
      ? 'has no label-signing certificate yet'
      : `has no signing window open${revoked ? ': its certificate is revoked' : ''}`;
  throw new AppError('conflict', `the organisation ${why}; labels can be signed once it does`);
}

const sixDigits = (day: Date): string => day.toISOString().slice(2, 10).replaceAll('-', '');

/** The data attributes of a label by AI: packaging date 13, best before 15, country of origin 422. */
export function attributesOf(
  { packedOn, bestBefore }: { packedOn: Date | null; bestBefore: Date | null },
  country: Country,
): Record<string, string> {
  return {
    ...(packedOn === null ? {} : { '13': sixDigits(packedOn) }),
    ...(bestBefore === null ? {} : { '15': sixDigits(bestBefore) }),
    '422': countryNumeric[country],
  };
}

/** The state language of the country, for sheets whose language nobody chose. */
export const languageOf: Readonly<Record<Country, Language>> = { KG: 'ky', KZ: 'kk', TJ: 'tg' };
