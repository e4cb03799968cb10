import { z } from 'zod';
import { auditHead, auditRecord } from '#contracts';

export const auditSearch = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({ description: 'the last seq that is known' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type AuditSearch = z.infer<typeof auditSearch>;

export const auditExport = auditSearch.pick({ after: true });
export type AuditExport = z.infer<typeof auditExport>;

export const auditPage = z.object({
  items: z.array(auditRecord),
  /** Where the chain ends now. */
  head: auditHead,
});
export type AuditPage = z.infer<typeof auditPage>;
