import { z } from 'zod';
import { place, uuid } from '#contracts';
import { pageOf, pageQuery } from '../page.js';

export const recordPlace = z.strictObject(place.omit({ id: true }).shape).partial({
  parentId: true,
  codeSystem: true,
  code: true,
  aliases: true,
  latitude: true,
  longitude: true,
  altitudeMetres: true,
  validFrom: true,
  validTo: true,
});
export type RecordPlace = z.infer<typeof recordPlace>;

export const placeSearch = z.strictObject({
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'part of a name or alias in any language' }),
  code: z.string().max(20).optional(),
  country: place.shape.country.optional(),
  level: z.coerce.number().int().min(0).max(4).optional(),
  parentId: uuid.optional().meta({ description: 'the places directly below this one' }),
  ...pageQuery,
});
export type PlaceSearch = z.infer<typeof placeSearch>;

/** A place with its parents from the village up, so that two places of one name can be told apart. */
export const placeAnswer = place.extend({
  path: z.array(place.pick({ id: true, level: true, names: true, code: true })),
});
export type PlaceAnswer = z.infer<typeof placeAnswer>;
export const placePage = pageOf(placeAnswer);
