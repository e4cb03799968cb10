import type { Batch, Certification, Organisation, Product } from '#contracts';
import {
  placeWithPath,
  publicNames,
  publicSteps,
  type PlaceWithPath,
  type PublicStep,
  type StoryRow,
} from './story.rules.js';

/** Encoded pieces of a page. */
type Frame = readonly Buffer[];

/** Five languages, a few verdicts: more is not worth the memory. */
const mostFrames = 20;

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
  private readonly frames = new Map<string, Frame>();

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

  /** The frame of a page that depends on this story and `key` alone; made and encoded once. */
  frame(key: string, make: () => Frame): Frame {
    const kept = this.frames.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    if (this.frames.size < mostFrames) this.frames.set(key, made);
    return made;
  }
}
