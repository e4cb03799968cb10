import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Stack } from './stack.js';

/** What came back: the status, the text, and the JSON where it is some. */
export interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

/** Talks to a stack's public interface as a partner system with an API key. */
export function client({ demo }: Stack) {
  const request = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, demo.baseUrl), {
      method,
      headers: {
        'x-api-key': demo.apiKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  /** Sends until it is not refused for want of an event that is still on its way. */
  const settled = async (send: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const answer = await send();
      if (![404, 409, 500, 502, 503].includes(answer.status)) return answer;
      await sleep(100);
    }
  };
  const parsed = <Schema extends z.ZodType>(answer: Answer, schema: Schema): z.output<Schema> => {
    if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`);
    return schema.parse(JSON.parse(answer.text));
  };
  return {
    request,
    get: async <S extends z.ZodType>(path: string, schema: S) => parsed(await request('GET', path), schema),
    post: async <S extends z.ZodType>(path: string, body: unknown, schema: S) =>
      parsed(await request('POST', path, body), schema),
    /** POST as soon as the service knows enough; one Idempotency-Key, so it is done once. */
    postSettled: async <S extends z.ZodType>(path: string, body: unknown, schema: S) => {
      const headers = { 'idempotency-key': crypto.randomUUID() };
      return parsed(await settled(() => request('POST', path, body, headers)), schema);
    },
    /** GET until `wanted` holds. */
    until: async <S extends z.ZodType>(path: string, schema: S, wanted: (value: z.output<S>) => boolean) => {
      for (;;) {
        const answer = await settled(() => request('GET', path));
        const value = parsed(answer, schema);
        if (wanted(value)) return value;
        await sleep(100);
      }
    },
  };
}
export type Client = ReturnType<typeof client>;
