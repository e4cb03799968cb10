import { z } from 'zod';
import { certification, day, localizedText, moment, place, product } from '#contracts';
import { languages, verdictCodes } from '#label';
import { storyStep } from '../stories/story.schemas.js';

/** Longer addresses are refused unread; a label has at most 192 characters. */
export const longestQuery = 2000;

export const verifyQuery = z.strictObject({
  uri: z.string().min(1).max(longestQuery).meta({ description: "the label's whole address, percent-encoded" }),
  lang: z.enum(languages).optional().meta({ description: 'language of the sentence; else Accept-Language' }),
});
export type VerifyQuery = z.infer<typeof verifyQuery>;

const answerPlace = place.pick({ country: true, level: true, code: true, names: true });
const village = answerPlace.extend({
  latitude: place.shape.latitude,
  longitude: place.shape.longitude,
  altitudeMetres: place.shape.altitudeMetres,
  path: z.array(answerPlace).meta({ description: 'its parents, from the nearest up to the country' }),
});

/** The verdict on a label with everything that it rests on. */
export const verifyAnswer = z.object({
  uri: z.string(),
  verdict: z.enum(verdictCodes),
  reason: z.string().nullable().meta({ description: 'refines the verdict for a program' }),
  language: z.enum(languages),
  headline: z.string(),
  sentence: z.string(),
  verifiedAt: moment,
  label: z
    .object({
      gtin: z.string(),
      lot: z.string().nullable(),
      serial: z.string(),
      attributes: z.record(z.string(), z.string()).meta({ description: 'data attributes by GS1 AI' }),
      kid: z.string().nullable(),
      issueDay: day.nullable().meta({ description: 'as the signer says' }),
      known: z
        .boolean()
        .nullable()
        .meta({ description: 'listed in the register; null when the register was not asked' }),
      voidedAt: moment.nullable(),
      voidReason: z.string().nullable(),
      scans: z.int().nullable().meta({ description: 'how often this label was looked up before' }),
    })
    .nullable(),
  fault: z
    .object({ field: z.string(), position: z.int() })
    .nullable()
    .meta({ description: 'for BAD_FORMAT: what is wrong and where' }),
  product: product.pick({ gtin: true, names: true, category: true, hsCode: true, netContent: true }).nullable(),
  producer: z.object({ names: localizedText.nullable(), village: localizedText.nullable() }).nullable().meta({
    description: 'names are null when the producer did not consent to be named',
  }),
  village: village.nullable(),
  batch: z
    .object({
      lot: z.string(),
      status: z.enum(['open', 'released', 'recalled']),
      madeOn: day,
      packedOn: day.nullable(),
      bestBefore: day.nullable(),
      expired: z.boolean(),
      recallReason: z.string().nullable(),
    })
    .nullable(),
  steps: z.array(
    storyStep
      .pick({
        sequence: true,
        code: true,
        startedAt: true,
        endedAt: true,
        inputs: true,
        outputs: true,
        measurements: true,
        note: true,
        corrected: true,
      })
      .extend({ names: localizedText, place: localizedText.nullable() }),
  ),
  certification: certification.omit({ committeeId: true }).nullable(),
  certificate: z
    .object({
      subject: z.string(),
      country: z.string().nullable(),
      producerId: z.string().nullable(),
      notBefore: moment,
      notAfter: moment,
    })
    .nullable(),
  bundle: z.object({ seq: z.int(), issuedAt: moment, nextUpdate: moment, ageDays: z.int() }).nullable(),
});
export type VerifyAnswer = z.infer<typeof verifyAnswer>;
