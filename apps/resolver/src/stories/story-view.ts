import type { Batch, Certification, Organisation, Product } from '#contracts';
import {
  placeWithPath,
  publicNames,
  publicSteps,
  type PlaceWithPath,
  type PublicStep,
  type StoryRow,
} from './story.rules.js';

/** What may be shown of a batch, and room for the pieces of pages that were made of it. */
export class Story {
  readonly product: Product | null;
  readonly certification: Certification | null;
  readonly batch: Batch | null;
  readonly recallReason: string | null;
  /** Null when the maker did not consent to be named, or is not known. */
  readonly makerNames: Organisation['names'] | null;
  readonly makerPlace: PlaceWithPath | undefined;
  /** Where the batch was made. */
  readonly origin: PlaceWithPath | undefined;
  readonly steps: readonly PublicStep[];
  private readonly fragments = new Map<string, Buffer>();

  constructor(row: StoryRow) {
    this.product = row.product;
    this.certification = row.certification;
    this.batch = row.batch;
    this.recallReason = row.recallReason;
    this.makerNames = publicNames(row.organisation);
    this.makerPlace = placeWithPath(row.places, row.organisation?.placeId);
    this.origin = placeWithPath(row.places, row.batch?.placeId) ?? this.makerPlace;
    this.steps = publicSteps(row);
  }

  /** A piece of a page that depends on this story and `key` alone; made and encoded once. */
  fragment(key: string, make: () => string): Buffer {
    const kept = this.fragments.get(key);
    if (kept !== undefined) return kept;
    const made = Buffer.from(make());
    this.fragments.set(key, made);
    return made;
  }
}
