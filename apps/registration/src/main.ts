import { runService } from '#platform';
import { readConfig } from './config.js';
import { registration } from './registration.js';

await runService(registration, readConfig);
