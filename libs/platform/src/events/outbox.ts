import type { EventType } from '#contracts';
import type { z } from 'zod';
import { newId } from '../clock.js';
import { currentContext } from '../context.js';
import type { Sql } from '../database/sql.js';

/** The broker refuses messages of 1 MB; one row above it would block the queue behind it. */
const largestValue = 900_000;

/**
 * Adds an event to the outbox, inside the use case's transaction and after the aggregate's row is locked,
 * so that the order of ids is the order of commits for each aggregate.
 * @param subject the aggregate's id, which is also the message's key
 * @throws when `data` does not fit the type's schema or the message would be too large: both are defects of the caller
 */
export async function publish<T extends EventType>(
  tx: Sql,
  type: T,
  subject: string,
  data: z.input<T['data']>,
  now: Date,
): Promise<void> {
  const id = newId(now);
  const context = currentContext();
  const value = JSON.stringify({
    specversion: '1.0',
    id,
    source: type.topic.slice(0, type.topic.indexOf('.')),
    type: type.type,
    subject,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    correlationid: context?.correlationId ?? id,
    causationid: context?.causationId,
    data: type.data.parse(data),
  });
  if (Buffer.byteLength(value) > largestValue) throw new Error(`event ${type.type} of ${subject} is too large`);
  await tx.$executeRaw`
    INSERT INTO outbox (event_id, topic, key, value) VALUES (${id}::uuid, ${type.topic}, ${subject}, ${value})`;
}
