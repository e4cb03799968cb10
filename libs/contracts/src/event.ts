import { z } from 'zod';
import { topics, type Topic } from './topics.js';

/** The CloudEvents 1.0 envelope in structured JSON mode, with this system's two extension attributes. */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  correlationid: z.string().min(1),
  causationid: z.string().min(1).optional(),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;
export type CloudEvent<Data> = Omit<Envelope, 'data'> & { data: Data };

/** One type of event: its name with the version, its topic and the schema of its data. */
export interface EventType<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly topic: Topic;
  readonly data: Schema;
  readonly description: string;
}
export type EventOf<T extends EventType> = CloudEvent<z.infer<T['data']>>;

/**
 * Declares an event type. The topic is the type's first two segments:
 * `registration.product.certified.v1` lives in `registration.product`.
 */
export function defineEvent<Schema extends z.ZodType>(
  type: string,
  description: string,
  data: Schema,
): EventType<Schema> {
  const name = type.split('.').slice(0, 2).join('.');
  const topic = topics.find((known) => known.name === name)?.name;
  if (topic === undefined) throw new Error(`event type ${type} belongs to no topic`);
  return { type, topic, data, description };
}
