import type { Batch, Certification, Organisation, Place, Product, Step } from '#contracts';

/** A place as the page needs it. */
export type StoryPlace = Pick<
  Place,
  'id' | 'country' | 'level' | 'type' | 'code' | 'names' | 'latitude' | 'longitude' | 'altitudeMetres'
>;
/** A step without who recorded it. */
export type StoryStep = Omit<Step, 'recordedBy'>;

/** Everything that is known about a batch or, where only the product is known, about the product. */
export interface StoryRow {
  product: Product | null;
  certification: Certification | null;
  organisation: Organisation | null;
  batch: Batch | null;
  recallReason: string | null;
  steps: StoryStep[];
  places: (StoryPlace & { parentId: string | null })[];
}

/** A place with its parents from the nearest up. */
export interface PlaceWithPath {
  place: StoryPlace;
  path: StoryPlace[];
}

/** A step that may be shown, with its names from the product's process template. */
export interface PublicStep {
  names: Product['processTemplate'][number]['names'];
  step: StoryStep;
  place: PlaceWithPath | undefined;
}

/** The longest chain of parents that is followed: country, oblast, district, municipality, village. */
const deepestPath = 8;

/** The place and its parents, as far as they are known; a circle in the data ends the path. */
export function placeWithPath(places: StoryRow['places'], id: string | undefined): PlaceWithPath | undefined {
  const byId = new Map(places.map((place) => [place.id, place]));
  const place = id === undefined ? undefined : byId.get(id);
  if (place === undefined) return undefined;
  const path: StoryPlace[] = [];
  let parent = byId.get(place.parentId ?? '');
  while (parent !== undefined && path.length < deepestPath) {
    path.push(parent);
    parent = byId.get(parent.parentId ?? '');
  }
  return { place, path };
}

/**
 * The steps that the public may read, in the order of the craft: those that the product's template marks public.
 * A step that the template does not know is not shown, because nobody said that it may be.
 */
export function publicSteps(row: Pick<StoryRow, 'product' | 'steps' | 'places'>): PublicStep[] {
  const template = new Map((row.product?.processTemplate ?? []).map((entry) => [entry.sequence, entry]));
  return row.steps
    .flatMap((step) => {
      const entry = template.get(step.sequence);
      if (entry === undefined || !entry.isPublic || entry.code !== step.code) return [];
      return [{ names: entry.names, step, place: placeWithPath(row.places, step.placeId) }];
    })
    .sort((a, b) => a.step.sequence - b.step.sequence || Date.parse(a.step.startedAt) - Date.parse(b.step.startedAt));
}

/** The maker's names, or null when the maker did not consent to be named. */
export function publicNames(organisation: Organisation | null): Organisation['names'] | null {
  return organisation?.publicName === true ? organisation.names : null;
}

const dayFormats = new Map<string, { format: Intl.DateTimeFormat; minute: number; day: string }>();

/** The calendar day of a moment where the goods are at home. */
export function localDay(moment: Date, timeZone: string): string {
  // A formatter costs more than the signature of a label: one a zone. And time zones change their day on the minute.
  const minute = Math.floor(moment.getTime() / 60_000);
  const known = dayFormats.get(timeZone);
  if (known?.minute === minute) return known.day;
  const format = known?.format ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const day = format.format(moment);
  dayFormats.set(timeZone, { format, minute, day });
  return day;
}

/** A date of a label (AIs 13, 15, 17: YYMMDD; day 00 is the last of the month) as `YYYY-MM-DD`. */
export function dayOfAttribute(value: string | undefined): string | undefined {
  if (value === undefined || !/^\d{6}$/.test(value)) return undefined;
  const year = 2000 + Number(value.slice(0, 2));
  const month = Number(value.slice(2, 4));
  const day = Number(value.slice(4, 6));
  // Day 0 of the next month is the last day of this one.
  return new Date(Date.UTC(year, day === 0 ? month : month - 1, day)).toISOString().slice(0, 10);
}

/** Best-before includes the day itself. */
export function isPast(day: string, today: string): boolean {
  return day < today;
}
