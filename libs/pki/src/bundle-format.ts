import { z } from 'zod';

/** The trust bundle's format: label profile, section 8. */

export const BUNDLE_TYPE = 'ovop-trust+jwt';
export const BUNDLE_DAYS = 30;

const der = z.base64();
const gtin = z.string().regex(/^[0-9]{14}$/);
const packedSerials = z.object({
  bits: z.int().min(0).max(50),
  count: z.int().min(0),
  packed: z.base64url(),
  others: z.array(z.string()).readonly().optional(),
});

export const bundleHeader = z.object({
  alg: z.literal('ES256'),
  typ: z.literal(BUNDLE_TYPE),
  x5c: z.array(der).min(1).max(4),
  crit: z.undefined().optional(),
});

export const bundlePayload = z.object({
  seq: z.int().positive(),
  issuedAt: z.iso.datetime(),
  nextUpdate: z.iso.datetime(),
  roots: z.array(der).min(1),
  certificates: z.array(der),
  crls: z.array(der),
  hosts: z.array(z.string()),
  voids: z.record(gtin, packedSerials),
  recalls: z.record(gtin, z.array(z.string())),
  catalogue: z.record(gtin, z.object({ product: z.string(), producer: z.string() })),
});

export type BundlePayload = z.infer<typeof bundlePayload>;
