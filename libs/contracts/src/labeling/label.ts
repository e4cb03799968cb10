import { z } from 'zod';
import { defineEvent } from '../event.js';
import { gtin, lot, moment, serial, uuid } from '../values.js';

/** At most this many labels stand in one event. */
export const labelsPerEvent = 1000;

export const LabelsIssued = defineEvent(
  'labeling.label.issued.v1',
  'Labels of one print run were signed and stored.',
  z.object({
    printRunId: uuid,
    batchId: uuid,
    productId: uuid,
    organisationId: uuid,
    gtin,
    lot,
    kid: z.string(),
    issuedAt: moment,
    serials: z.array(serial).min(1).max(labelsPerEvent),
  }),
);

export const LabelsVoided = defineEvent(
  'labeling.label.voided.v1',
  'Labels were taken out of use: spoilt, lost or destroyed.',
  z.object({
    printRunId: uuid,
    gtin,
    serials: z.array(serial).min(1).max(labelsPerEvent),
    reason: z.enum(['spoilt', 'lost', 'destroyed']),
    voidedAt: moment,
  }),
);
