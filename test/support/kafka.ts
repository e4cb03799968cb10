import { z } from 'zod';
import { resource } from './resource.js';

const started = z.object({ brokers: z.string() });

/** The brokers that this run's tests share: those of KAFKA_BROKERS, or a Kafka started for the run. */
export async function testBrokers(): Promise<string[]> {
  return started.parse(await resource('POST', 'kafka')).brokers.split(',');
}
