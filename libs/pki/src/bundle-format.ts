import * as z from 'zod/mini';

/** The trust bundle's format: label profile, section 8. */

export const BUNDLE_TYPE = 'ovop-trust+jwt';
export const BUNDLE_DAYS = 30;

const der = z.base64();
const gtin = z.string().check(z.regex(/^[0-9]{14}$/));
const packedSerials = z.object({
  bits: z.int().check(z.minimum(0), z.maximum(50)),
  count: z.int().check(z.minimum(0)),
  packed: z.base64url(),
  others: z.optional(z.readonly(z.array(z.string()))),
});

export const bundleHeader = z.object({
  alg: z.literal('ES256'),
  typ: z.literal(BUNDLE_TYPE),
  x5c: z.array(der).check(z.minLength(1), z.maxLength(4)),
  crit: z.optional(z.undefined()),
});

export const bundlePayload = z.object({
  seq: z.int().check(z.positive()),
  issuedAt: z.iso.datetime(),
  nextUpdate: z.iso.datetime(),
  roots: z.array(der).check(z.minLength(1)),
  certificates: z.array(der),
  crls: z.array(der),
  hosts: z.array(z.string()),
  voids: z.record(gtin, packedSerials),
  recalls: z.record(gtin, z.array(z.string())),
  catalogue: z.record(gtin, z.object({ product: z.string(), producer: z.string() })),
});

export type BundlePayload = z.infer<typeof bundlePayload>;
