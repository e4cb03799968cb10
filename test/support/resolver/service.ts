import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createService, LocalPublisher, Log, type Service } from '#platform';
import { readConfig } from '../../../apps/resolver/src/config.js';
import { resolver } from '../../../apps/resolver/src/resolver.js';
import { testDatabase } from '../database.js';
import type { TestMessage } from './story.js';

export interface TestResolver {
  service: Service;
  lines: string[];
  databaseUrl: string;
  clock: { now: Date };
  receive(messages: readonly TestMessage[]): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<TestAnswer>;
  /** Stops the service; its database is dropped when it was made here. */
  stop(): Promise<void>;
  port: number;
}

export interface TestAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A resolver over a database of its own, with a clock that stands still. */
export async function testResolver(
  now: Date,
  environment: Record<string, string> = {},
  databaseUrl?: string,
): Promise<TestResolver> {
  const database = databaseUrl === undefined ? await testDatabase('resolver') : undefined;
  const url = databaseUrl ?? database?.url ?? '';
  const lines: string[] = [];
  const clock = { now };
  const config = readConfig({
    ...{ DATABASE_URL: url, PUBLIC_BASE_URL: 'https://ovop.example', JWKS_URL: 'http://127.0.0.1:9/jwks.json' },
    ...{ PORT: '0', RATE_LIMIT_PER_MINUTE: '0', ...environment },
  });
  const service = await createService(resolver, config, {
    publisher: new LocalPublisher(),
    clock: () => clock.now,
    log: new Log('resolver', 'warn', (line) => void lines.push(line)),
    processMetrics: false,
  });
  await service.app.listen(0, '127.0.0.1');
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  return {
    ...{ service, lines, clock, port, databaseUrl: url },
    receive: async (messages) => {
      for (const message of messages) await service.events.receive(message);
    },
    get: (path, headers = {}) => get(port, path, headers),
    stop: async () => {
      await service.stop();
      await database?.drop();
    },
  };
}

/** A request whose target goes out exactly as given. */
function get(port: number, path: string, headers: Record<string, string>): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject).end();
  });
}
