import { z } from 'zod';
import { moment, step, stepFacts, uuid } from '#contracts';

export const recordStep = stepFacts.extend({
  id: uuid.optional().meta({ description: "the client's own id: the same step sent again under it is recorded once" }),
});
export type RecordStep = z.infer<typeof recordStep>;

export const correctStep = z.strictObject({
  facts: stepFacts.meta({ description: 'all the facts as they should have been' }),
  reason: z.string().trim().min(1).max(2000),
});
export type CorrectStep = z.infer<typeof correctStep>;

/** The facts that stood until a correction replaced them. */
export const correction = z.object({
  previous: stepFacts,
  reason: z.string(),
  correctedBy: uuid,
  correctedAt: moment,
});

/** A step as it stands now, with every earlier version of it, oldest first. */
export const stepDetail = step.extend({ corrections: z.array(correction) });
export type StepDetail = z.infer<typeof stepDetail>;
