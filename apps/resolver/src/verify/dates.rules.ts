import type { Batch, Country } from '#contracts';
import type { ReadLabel } from './verdict.rules.js';
import { dayOfAttribute, isPast, localDay, type PlaceWithPath } from '../stories/story.rules.js';

const zones: Record<Country, string> = { KG: 'Asia/Bishkek', KZ: 'Asia/Almaty', TJ: 'Asia/Dushanbe' };

/** The time zone in which a country's days are counted. */
export const zoneOf = (country: Country | undefined): string => zones[country ?? 'KG'];

export interface LabelDates {
  packedOn: string | null;
  bestBefore: string | null;
  /** The best-before day is over where the goods come from. */
  expired: boolean;
}

/** The part of a story that dates come from. */
interface Dated {
  batch: Pick<Batch, 'packedOn' | 'bestBefore'> | null;
  origin: PlaceWithPath | undefined;
}

/** The dates of a pack: those signed on the label (AIs 13, 15, 17), else the batch's. */
export function datesOf(label: ReadLabel | undefined, story: Dated | undefined, now: Date): LabelDates {
  const { attributes = {} } = label ?? {};
  const bestBefore =
    dayOfAttribute(attributes['15']) ?? dayOfAttribute(attributes['17']) ?? story?.batch?.bestBefore ?? null;
  const today = localDay(now, zoneOf(story?.origin?.place.country));
  return {
    packedOn: dayOfAttribute(attributes['13']) ?? story?.batch?.packedOn ?? null,
    bestBefore,
    expired: bestBefore !== null && isPast(bestBefore, today),
  };
}
