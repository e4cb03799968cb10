import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { AppError, invalid } from '#contracts';

/** Validates every parameter that names a schema; the answer lists each fault with its field. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StorableValidationPipe({
    exceptionFactory: (issues) => {
      const faults = issues.slice(0, 50).map(({ path, message }) => ({
        field: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'body',
        message: message.replace(/^Invalid input: (expected .*), received undefined$/, 'is missing: $1'),
      }));
      const first = faults[0];
      return new AppError('invalid', first ? `${first.field}: ${first.message}` : 'the request is not valid', faults);
    },
  });
}

/** After the schema's own faults, refuses text that PostgreSQL cannot keep and that would otherwise be our failure. */
class StorableValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const valid: T = await super.transform(value, metadata);
    const field = metadata.schema === undefined ? undefined : unstorable(valid)?.join('.');
    if (field !== undefined) throw invalid(field || 'body', 'must not hold U+0000 or half of a character');
    return valid;
  }
}

/** Where a value holds U+0000 or a lone surrogate; undefined when it holds neither. */
function unstorable(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value === 'string') return /[\0\p{Surrogate}]/u.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = unstorable(part, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
