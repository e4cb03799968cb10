import { z } from 'zod';
import { defineEvent } from '../event.js';
import { moment } from '../values.js';

/** A scan says what was asked and what was answered, never who asked or from where. */
export const scan = z.object({
  at: moment,
  gtin: z.string().nullable(),
  lot: z.string().nullable(),
  serial: z.string().nullable(),
  verdict: z.string(),
  channel: z.enum(['page', 'api']),
});
export type Scan = z.infer<typeof scan>;

export const ScansRecorded = defineEvent(
  'resolver.scan.recorded.v1',
  'Labels were scanned.',
  z.object({ scans: z.array(scan).min(1).max(1000) }),
);
