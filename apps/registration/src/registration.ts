import type { ServiceDefinition } from '#platform';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** The register of places, organisations, people and products. */
export const registration: ServiceDefinition<Config> = { name: 'registration', module: () => AppModule };
