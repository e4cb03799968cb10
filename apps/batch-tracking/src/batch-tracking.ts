import type { ServiceDefinition } from '#platform';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** Batches of certified products, the crafting steps that made them, their release and recall. */
export const batchTracking: ServiceDefinition<Config> = { name: 'batch-tracking', module: () => AppModule };
