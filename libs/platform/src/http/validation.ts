import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '#contracts';

/** Validates every parameter that names a schema; the answer lists each fault with its field. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const faults = issues.slice(0, 50).map(({ path, message }) => ({
        field: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'body',
        message,
      }));
      const first = faults[0];
      return new AppError('invalid', first ? `${first.field}: ${first.message}` : 'the request is not valid', faults);
    },
  });
}
