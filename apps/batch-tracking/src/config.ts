import { z } from 'zod';
import { parseConfig, serviceEnvironment } from '#platform';

const schema = serviceEnvironment.extend({
  PORT: serviceEnvironment.shape.PORT.default(3002),
});
export type Config = z.infer<typeof schema>;

/** Reads the configuration of batch-tracking; every fault is listed. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => parseConfig(schema, environment);
