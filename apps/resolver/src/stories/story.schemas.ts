import { z } from 'zod';
import { batch, certification, organisation, place, product, step } from '#contracts';
import type { StoryRow } from './story.rules.js';

const storyPlace = place.pick({
  id: true,
  country: true,
  level: true,
  type: true,
  code: true,
  names: true,
  latitude: true,
  longitude: true,
  altitudeMetres: true,
});

export const storyStep = step.omit({ recordedBy: true });

/** The row of the story's one query. */
export const storyRow: z.ZodType<StoryRow> = z.object({
  product: product.nullable(),
  certification: certification.nullable(),
  organisation: organisation.nullable(),
  batch: batch.nullable(),
  recallReason: z.string().nullable(),
  steps: z.array(storyStep),
  places: z.array(storyPlace.extend({ parentId: z.uuid().nullable() })),
});
