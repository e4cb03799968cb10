import { Kafka, logLevel } from 'kafkajs';
import type { ServiceName } from '#contracts';
import type { Log, LogLevel } from '../observe/log.js';

const levels: Record<number, LogLevel> = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'debug',
};

/** A Kafka client whose log is ours. Retries are given in full: the client's defaults depend on NODE_ENV. */
export function createKafka(brokers: readonly string[], clientId: ServiceName, log: Log): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 300, maxRetryTime: 5000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) =>
      log.emit(levels[entry.level] ?? 'debug', `kafka: ${entry.log.message}`, { from: entry.namespace }),
  });
}
