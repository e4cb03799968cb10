/** Why a URI is not a label. The closed list behind the verdict BAD_FORMAT. */
export const badFormatReasons = [
  'too-long',
  'character',
  'percent-encoding',
  'fragment',
  'scheme',
  'user-info',
  'host',
  'port',
  'path',
  'trailing-slash',
  'gtin',
  'check-digit',
  'restricted-circulation',
  'lot',
  'serial',
  'no-serial',
  'qualifier',
  'qualifier-order',
  'empty-parameter',
  'unknown-ai',
  'path-ai-in-query',
  'duplicate',
  'empty-value',
  'value',
  'needs-another-ai',
  'excluded-ai',
  'signature',
] as const;

export type BadFormatReason = (typeof badFormatReasons)[number];

/** A refusal: the reason, the field (an AI, `s`, `host`, `path`, `query` or `uri`) and where in the text it stands. */
export interface BadFormat {
  readonly badFormat: BadFormatReason;
  readonly field: string;
  readonly position: number;
}

export function bad(badFormat: BadFormatReason, field: string, position: number): BadFormat {
  return { badFormat, field, position };
}
