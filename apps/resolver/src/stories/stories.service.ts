import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { POOL } from '#platform';
import { LruCache } from '../cache.js';
import { findBatchStory, findProductStory } from './stories.queries.js';
import { Story } from './story-view.js';

/** Stories in memory: with five languages each some 100 KB, so some 50 MB at most. */
const mostStories = 500;
/** Another process of this service may have taken the event, so that nothing is kept for longer than this. */
const longestKept = 20_000;

/** The stories of batches, kept in memory until an event changes them. */
@Injectable()
export class StoriesService {
  private readonly stories = new LruCache<Story>(mostStories, longestKept);
  private generation = 0;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** The story from memory, if it is there. */
  kept(batchId: string | null, gtin: string): Story | undefined {
    return this.stories.get(batchId ?? gtin, performance.now());
  }

  /** The story of a batch, or of the product alone where the batch is not known; undefined when neither is. */
  async find(batchId: string | null, gtin: string): Promise<Story | undefined> {
    const generation = this.generation;
    const row = batchId === null ? await findProductStory(this.pool, gtin) : await findBatchStory(this.pool, batchId);
    if (row === undefined) return undefined;
    const story = new Story(row);
    // What was read while an event arrived may be the state before it.
    if (generation === this.generation) this.stories.set(batchId ?? gtin, story, performance.now());
    return story;
  }

  /** Forgets the story of one batch, or all of them. */
  forget(batchId?: string): void {
    this.generation += 1;
    if (batchId === undefined) this.stories.clear();
    else this.stories.delete(batchId);
  }
}
