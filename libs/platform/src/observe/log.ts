import type { LoggerService } from '@nestjs/common';
import { currentContext } from '../context.js';

export const LOG = Symbol('log');

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/**
 * Writes one JSON object a line to standard output.
 * Fields are flat values: no payloads, no keys, no personal data.
 */
export class Log implements LoggerService {
  constructor(
    private readonly service: string,
    private readonly threshold: LogLevel,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(line),
  ) {}

  emit(level: LogLevel, event: string, fields: LogFields = {}, error?: unknown): void {
    if (levels.indexOf(level) < levels.indexOf(this.threshold)) return;
    const { correlationId, causationId } = currentContext() ?? {};
    const line = {
      time: new Date().toISOString(),
      level,
      service: this.service,
      event,
      correlationId,
      causationId,
      ...fields,
      ...(error === undefined ? {} : { error: describe(error) }),
    };
    this.write(`${JSON.stringify(line)}\n`);
  }

  info(event: string, fields?: LogFields): void {
    this.emit('info', event, fields);
  }

  /** Nest's own messages: what they say becomes the event, where they come from a field. */
  log(message: unknown, ...rest: unknown[]): void {
    this.nest('debug', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.nest('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.nest('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.nest('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.nest('error', message, rest);
  }

  private nest(level: LogLevel, message: unknown, rest: unknown[]): void {
    const from = rest.at(-1);
    const fields = typeof from === 'string' ? { from } : {};
    if (message instanceof Error) this.emit(level, message.name, fields, message);
    else this.emit(level, String(message), fields);
  }
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}
