import { runService } from '#platform';
import { batchTracking } from './batch-tracking.js';
import { readConfig } from './config.js';

await runService(batchTracking, readConfig);
