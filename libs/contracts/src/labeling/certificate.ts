import { z } from 'zod';
import { defineEvent } from '../event.js';
import { country, moment, uuid } from '../values.js';

/** Which profile of the label profile's section 5 a certificate follows. */
export const certificateProfiles = ['root', 'country-ca', 'bundle-signer', 'label-signer'] as const;

export const certificate = z.object({
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the DER' }),
  kid: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .meta({ description: 'first 8 bytes of the fingerprint' }),
  profile: z.enum(certificateProfiles),
  country: country.nullable(),
  organisationId: uuid.nullable(),
  subject: z.string(),
  notBefore: moment,
  notAfter: moment,
  der: z.base64(),
});
export type Certificate = z.infer<typeof certificate>;

export const CertificateIssued = defineEvent(
  'labeling.certificate.issued.v1',
  'The authority issued a certificate.',
  z.object({ certificate }),
);

/** Why a certificate was revoked, in the programme's own words. */
export const revocationCauses = [
  'key-lost',
  'key-stolen',
  'producer-suspended',
  'producer-closed',
  'ca-compromised',
] as const;
export const revocationCause = z.enum(revocationCauses);
export type RevocationCause = z.infer<typeof revocationCause>;

/** The reasons of RFC 5280 section 5.3.1 that the causes lead to. */
export const revocationReasons = [
  'superseded',
  'keyCompromise',
  'affiliationChanged',
  'cessationOfOperation',
  'cACompromise',
] as const;

export const CertificateRevoked = defineEvent(
  'labeling.certificate.revoked.v1',
  'The authority revoked a certificate; the CRL of its issuer and the trust bundle follow.',
  z.object({
    fingerprint: certificate.shape.fingerprint,
    kid: certificate.shape.kid,
    profile: certificate.shape.profile,
    country: certificate.shape.country,
    organisationId: certificate.shape.organisationId,
    cause: revocationCause,
    reason: z.enum(revocationReasons).meta({ description: 'as the CRL says it' }),
    revokedAt: moment,
  }),
);

/** A bundle may be larger than one message: it travels in parts, each below the broker's limit. */
export const TrustBundlePublished = defineEvent(
  'labeling.certificate.trust-bundle-published.v1',
  'A part of a new trust bundle; the parts of one sequence number, joined in order, are its JWS.',
  z.object({
    seq: z.int().positive(),
    issuedAt: moment,
    nextUpdate: moment,
    part: z.int().min(0),
    parts: z.int().min(1),
    content: z.string().max(600_000),
  }),
);
