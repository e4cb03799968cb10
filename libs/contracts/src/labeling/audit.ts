import { z } from 'zod';
import { roles } from '../values.js';

/** Everything that the audit log of labeling tells of; the list is closed. */
export const auditActions = [
  'authority.create',
  'certificate.issue',
  'certificate.revoke',
  'revocation.request',
  'revocation.approve',
  'key.rotate',
  'crl.issue',
  'trust-bundle.publish',
  'print-run.request',
  'labels.sign',
  'label.void',
  'request',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** `intended` is stored before a signature is made, `done` with its effect, `refused` with an error's code. */
export const auditOutcomes = ['intended', 'done', 'refused'] as const;

/** SHA-256, 64 small hexadecimal digits. */
export const auditHash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
/** What the first record has for the hash of the one before it. */
export const auditStart = '0'.repeat(64);

/** Small facts of an action: no personal data, no secrets. Whole numbers only, since they are hashed as text. */
export const auditDetails = z.record(z.string(), z.union([z.string().max(500), z.int(), z.boolean(), z.null()]));
export type AuditDetails = z.infer<typeof auditDetails>;

/** One record of the audit log, as it is exported and hashed. */
export const auditRecord = z.strictObject({
  seq: z.int().min(1).meta({ description: 'counts from 1 without a gap' }),
  time: z.iso.datetime({ precision: 3 }),
  actor: z.string().min(1).meta({ description: 'who: the id of a principal, or system' }),
  role: z.enum(roles).nullable(),
  organisationId: z.string().nullable().meta({ description: 'for whom' }),
  action: z.enum(auditActions),
  subject: z.string().min(1).meta({ description: 'serial number, print run, number of a CRL or bundle, route' }),
  keyId: z.string().nullable().meta({ description: 'the key that signs, by the kid of its certificate' }),
  outcome: z.enum(auditOutcomes),
  code: z.string().nullable().meta({ description: 'why it was refused' }),
  details: auditDetails,
  correlationId: z.string().nullable(),
  previous: auditHash.meta({ description: 'hash of the record before' }),
  hash: auditHash.meta({ description: 'SHA-256 of the canonical JSON of all other fields' }),
});
export type AuditRecord = z.infer<typeof auditRecord>;

/** A place in the chain: the last record up to there. */
export const auditHead = z.strictObject({ seq: z.int().min(0), hash: auditHash });
export type AuditHead = z.infer<typeof auditHead>;

/** The last line of an export: how many records came before it, and where they end. */
export const auditTrailer = z.strictObject({ records: z.int().min(0), head: auditHead });

/**
 * The text that a record's hash is taken of, in UTF-8: JSON without white space, the members of every object in the
 * order of their names (RFC 8785, for objects of strings, whole numbers, booleans and null).
 */
export function canonicalAudit(record: Omit<AuditRecord, 'hash'>): string {
  return canonical({ ...record, hash: undefined });
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
