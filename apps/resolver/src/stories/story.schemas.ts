import { z } from 'zod';
import { batch, certification, organisation, place, product, step } from '#contracts';

/** A place as the page needs it, with its parents from the nearest up. */
export const storyPlace = place.pick({
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
export type StoryPlace = z.infer<typeof storyPlace>;

export const storyStep = step.omit({ recordedBy: true });
export type StoryStep = z.infer<typeof storyStep>;

/** Everything that is known about a batch or, where only the product is known, about the product. */
export const storyRow = z.object({
  product: product.nullable(),
  certification: certification.nullable(),
  organisation: organisation.nullable(),
  batch: batch.nullable(),
  recallReason: z.string().nullable(),
  steps: z.array(storyStep),
  places: z.array(storyPlace.extend({ parentId: z.uuid().nullable() })),
});
export type StoryRow = z.infer<typeof storyRow>;
