/** Every code an API problem, a dead letter or a log line can carry; the list is closed. */
export const errorCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'gone',
  'rate-limited',
  'unavailable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One fault of one field: where it is (a JSON path such as `steps.0.unit`) and which rule it breaks. */
export interface FieldFault {
  field: string;
  message: string;
}

/**
 * The one error that rules and services throw on purpose.
 * `message` is a sentence that may be shown to whoever made the request; `cause` is only logged.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly faults: readonly FieldFault[] = [],
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
  }
}

/** An `invalid` error about a single field. */
export function invalid(field: string, message: string): AppError {
  return new AppError('invalid', `${field}: ${message}`, [{ field, message }]);
}
