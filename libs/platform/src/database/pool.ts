import { Pool } from 'pg';
import type { Log } from '../observe/log.js';

/**
 * The connection pool of a service. Without the 'error' listener the process would die
 * with the first connection that the server closes.
 */
export function createPool(options: { url: string; size: number; service: string }, log: Log): Pool {
  const pool = new Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: options.service,
  });
  pool.on('error', (error) => log.emit('warn', 'database connection lost', {}, error));
  return pool;
}
