import { runService } from '#platform';
import { readConfig } from './config.js';
import { labeling } from './labeling.js';

await runService(labeling, readConfig);
