import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** An answer of a service that was not a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** How long a service may take to hear of what another one decided. */
const patience = 60_000;

/** The public HTTP interface, as a program of a partner would use it. */
export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly token: () => string,
  ) {}

  /** GET, parsed with `schema`. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await (await this.send('GET', path)).json());
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.send('GET', path)).arrayBuffer());
  }

  /**
   * POST. `key` is the Idempotency-Key: what was done before an interruption is not done twice.
   */
  async post<Schema extends z.ZodType>(
    path: string,
    key: string | undefined,
    body: object,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return schema.parse(await (await this.send('POST', path, body, key)).json());
  }

  private async send(method: string, path: string, body?: object, key?: string): Promise<Response> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new ApiError(response.status, `${method} ${path}: ${response.status} ${await response.text()}`);
  }
}

/** Repeats `work` while it is refused because an event has not arrived yet. */
export async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waiting = error instanceof ApiError && [401, 404, 409, 503].includes(error.status);
      if (!waiting || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
