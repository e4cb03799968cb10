import type { LabelScope } from './scope.js';

/** What a path of certificates comes to at a moment (section 6 and 7). */
export type PathJudgement =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'CHAIN_INVALID' | 'KEY_REVOKED';
      readonly reason: string;
      /** Subject of the certificate at which the path broke. */
      readonly subject?: string;
    };

/** One label-signing certificate, as a verifier needs it. */
export interface TrustedCertificate {
  readonly kid: string;
  /** The subject as text, for the verdict's facts. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** privateKeyUsagePeriod; where a bound is absent the certificate's own bound holds. */
  readonly signingFrom?: Date;
  readonly signingUntil?: Date;
  /** Absent where the certificate has none: then its path is refused anyway. */
  readonly scope?: LabelScope;
  /** ES256 over the signing input, r‖s. Synchronous in Node.js, where that is four times faster. */
  verify(input: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
  /** Section 6 with the leaf judged at its issue day; section 7 for revocation. */
  path(now: Date, issuedOn: Date): PathJudgement | Promise<PathJudgement>;
}

/** Which trust data a verdict rests on. */
export interface BundleInfo {
  readonly seq: number;
  readonly issuedAt: Date;
  readonly nextUpdate: Date;
}

export interface CatalogueEntry {
  readonly product: string;
  readonly producer: string;
}

/** Everything that a verifier knows. Without `bundle` the trust data have no age (loose certificates). */
export interface TrustStore {
  readonly hosts: ReadonlySet<string>;
  readonly bundle?: BundleInfo;
  /** Every certificate with that kid; a kid is a hint, never a decision (section 2). */
  certificates(kid: string): readonly TrustedCertificate[];
  isVoid(gtin: string, serial: string): boolean;
  isRecalled(gtin: string, lot: string): boolean;
  catalogue(gtin: string): CatalogueEntry | undefined;
}
