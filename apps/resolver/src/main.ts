import { runService } from '#platform';
import { readConfig } from './config.js';
import { resolver } from './resolver.js';

await runService(resolver, readConfig);
