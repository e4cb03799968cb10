import { z } from 'zod';
import { defineEvent } from '../event.js';
import { country, day, localizedText, uuid } from '../values.js';

/** Levels of the administrative tree: 0 country, 1 oblast, 2 district, 3 rural municipality, 4 village. */
export const placeLevel = z.int().min(0).max(4);

export const place = z.object({
  id: uuid,
  country,
  level: placeLevel,
  type: z.string().min(1).max(40),
  parentId: uuid.nullable(),
  codeSystem: z.enum(['ISO3166-1-numeric', 'ISO3166-2', 'SOATE', 'KATO']).nullable(),
  code: z
    .string()
    .regex(/^[0-9A-Z-]{2,20}$/)
    .nullable()
    .meta({ description: 'official code as text; within a code system it is the key, names are not' }),
  names: localizedText,
  aliases: z.array(z.string().min(1).max(100)).max(20),
  latitude: z.number().min(-90).max(90).nullable().meta({ description: 'WGS 84, at published precision' }),
  longitude: z.number().min(-180).max(180).nullable(),
  altitudeMetres: z.int().min(-500).max(8000).nullable(),
  validFrom: day.nullable(),
  validTo: day.nullable(),
});
export type Place = z.infer<typeof place>;

export const PlaceRecorded = defineEvent(
  'registration.place.recorded.v1',
  'A place of the administrative tree was entered or changed; data is the whole place.',
  z.object({ place }),
);
