import { Controller } from '@nestjs/common';
import { LabelsIssued, LabelsVoided, type EventOf } from '#contracts';
import { On } from '#platform';
import { Database } from '../database.js';

/** Keeps this service's copy of the labels: which run each belongs to, and which are out of use. */
@Controller()
export class LabelsConsumer {
  constructor(private readonly db: Database) {}

  @On(LabelsIssued)
  async issued(event: EventOf<typeof LabelsIssued>): Promise<void> {
    const { printRunId, batchId, gtin, lot, kid, issuedAt, serials } = event.data;
    await this.db.once(event, async (tx) => {
      await tx.$executeRaw`
        INSERT INTO print_run (id, batch_id, gtin, lot, kid, issued_at)
        VALUES (${printRunId}::uuid, ${batchId}::uuid, ${gtin}, ${lot}, ${kid}, ${new Date(issuedAt)})
        ON CONFLICT (id) DO UPDATE SET issued_at = least(print_run.issued_at, excluded.issued_at)`;
      await tx.$executeRaw`
        INSERT INTO label (gtin, serial, print_run_id)
        SELECT ${gtin}, serial, ${printRunId}::uuid FROM unnest(${serials}::text[]) AS serial
        ON CONFLICT DO NOTHING`;
    });
  }

  /** A label that was voided before its issue was heard of stands as void from the start. */
  @On(LabelsVoided)
  async voided(event: EventOf<typeof LabelsVoided>): Promise<void> {
    const { printRunId, gtin, serials, reason, voidedAt } = event.data;
    await this.db.once(event, async (tx) => {
      await tx.$executeRaw`
        INSERT INTO label (gtin, serial, print_run_id, voided_at, void_reason)
        SELECT ${gtin}, serial, ${printRunId}::uuid, ${new Date(voidedAt)}, ${reason}
        FROM unnest(${serials}::text[]) AS serial
        ON CONFLICT (gtin, serial) DO UPDATE SET voided_at = excluded.voided_at, void_reason = excluded.void_reason`;
    });
  }
}
