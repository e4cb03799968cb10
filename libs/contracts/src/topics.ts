/** One topic an aggregate; the key of every message is the aggregate's id, so order holds per aggregate. */
export const topics = [
  { name: 'registration.place', partitions: 1 },
  { name: 'registration.organisation', partitions: 3 },
  { name: 'registration.product', partitions: 3 },
  { name: 'registration.api-key', partitions: 1 },
  { name: 'batch-tracking.batch', partitions: 6 },
  { name: 'labeling.certificate', partitions: 1 },
  { name: 'labeling.label', partitions: 6 },
  { name: 'resolver.scan', partitions: 3 },
] as const;

export type Topic = (typeof topics)[number]['name'];

/** The services, each with a database, a consumer group and a dead-letter topic of its own. */
export const services = ['registration', 'batch-tracking', 'labeling', 'resolver'] as const;
export type ServiceName = (typeof services)[number];

/** Where a service puts the messages that it cannot handle. */
export function deadLetterTopic(service: ServiceName): string {
  return `${service}.dead-letter`;
}

/** Paths of the public origin by service, longest first: the routing table of every edge. */
export const routes: readonly { prefix: string; service: ServiceName }[] = [
  { prefix: '/api/registration/', service: 'registration' },
  { prefix: '/api/batch-tracking/', service: 'batch-tracking' },
  { prefix: '/api/labeling/', service: 'labeling' },
  { prefix: '/', service: 'resolver' },
];
