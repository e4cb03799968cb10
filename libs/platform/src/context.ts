import { AsyncLocalStorage } from 'node:async_hooks';

/** What a request or an event carries along without being passed by hand. */
export interface Context {
  /** Joins every log line and event that one outside request caused. */
  correlationId: string;
  /** The id of the event that is being handled, when one is. */
  causationId?: string;
  /** The client's Idempotency-Key with what it covers, until a transaction takes it. */
  idempotency?: IdempotencyClaim;
}

export interface IdempotencyClaim {
  scope: string;
  key: string;
  requestHash: string;
  claimed: boolean;
}

const storage = new AsyncLocalStorage<Context>();

export const currentContext = (): Context | undefined => storage.getStore();

/** Runs `work` with `context` as what {@link currentContext} answers inside it. */
export function withContext<T>(context: Context, work: () => T): T {
  return storage.run(context, work);
}

/** Makes `context` current for the rest of the present asynchronous chain. */
export function enterContext(context: Context): void {
  storage.enterWith(context);
}
