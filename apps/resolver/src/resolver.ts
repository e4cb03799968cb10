import type { ServiceDefinition } from '#platform';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** The public face: the label's page, verification, the trust bundle, scans. */
export const resolver: ServiceDefinition<Config> = { name: 'resolver', module: () => AppModule };
