import type { ServiceDefinition } from '#platform';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** The authority and its keys, certificates and trust bundles, print runs, labels and sheets. */
export const labeling: ServiceDefinition<Config> = { name: 'labeling', module: () => AppModule };
