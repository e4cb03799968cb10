import { isScopeSubset } from '#label';
import type { Certificate } from './certificate.js';
import { rawSignature, type Checking, type Hash } from './ecdsa.js';
import { oids } from './oids.js';

/** Why a path is refused: the closed list behind CHAIN_INVALID (section 6). */
export type PathFault =
  | 'no-issuer'
  | 'anchor-not-pinned'
  | 'path-too-long'
  | 'signature'
  | 'signature-algorithm'
  | 'key-type'
  | 'version'
  | 'not-yet-valid'
  | 'expired'
  | 'not-a-ca'
  | 'ca-as-leaf'
  | 'path-length'
  | 'key-usage'
  | 'extended-key-usage'
  | 'unknown-critical-extension'
  | 'scope-missing'
  | 'scope-wider'
  | 'crl-missing'
  | 'crl-signature'
  | 'crl-key-usage'
  | 'crl-extension'
  | 'crl-number'
  | 'crl-not-yet-valid'
  | 'crl-expired';

/** What a leaf is for: the extended key usage it needs, and whether LabelScope governs the path. */
export interface Purpose {
  readonly extendedKeyUsage: string;
  readonly scoped: boolean;
  /** Most certificates from leaf to anchor, both counted; pathLen of the CAs usually ends a path sooner. */
  readonly longest: number;
}

export const labelSigning: Purpose = { extendedKeyUsage: oids.labelSigning, scoped: true, longest: 6 };
/** The bundle signer stands directly under the root: docs/decisions/0003. */
export const bundleSigning: Purpose = { extendedKeyUsage: oids.bundleSigning, scoped: false, longest: 2 };

const HASHES: ReadonlyMap<string, Hash> = new Map([
  [oids.ecdsaWithSha256, 'SHA-256'],
  [oids.ecdsaWithSha384, 'SHA-384'],
]);

interface Signed {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

/** The signature of a certificate or CRL with its issuer's key: ECDSA with SHA-256/384 on P-256/P-384 only. */
export function* findSignatureFault(signed: Signed, issuer: Certificate): Checking<PathFault | undefined> {
  const hash = HASHES.get(signed.signatureAlgorithm);
  if (hash === undefined) return 'signature-algorithm';
  const { spki, curve } = issuer.publicKey;
  if (curve === undefined) return 'key-type';
  const signature = rawSignature(signed.signature, curve);
  if (signature === undefined) return 'signature';
  return (yield { spki, curve, hash, data: signed.tbs, signature }) ? undefined : 'signature';
}

/** What holds for every certificate of a path, whatever its place. */
function findCommonFault(certificate: Certificate): PathFault | undefined {
  if (certificate.version !== 3) return 'version';
  if (certificate.extensions.unknownCritical.length > 0) return 'unknown-critical-extension';
  return certificate.publicKey.curve === undefined ? 'key-type' : undefined;
}

/** The leaf's own rules (section 5, last column), apart from time. */
export function findLeafFault(leaf: Certificate, purpose: Purpose): PathFault | undefined {
  const common = findCommonFault(leaf);
  if (common !== undefined) return common;
  const { basicConstraints, keyUsage, extendedKeyUsage } = leaf.extensions;
  if (basicConstraints?.ca === true) return 'ca-as-leaf';
  if (keyUsage?.has('digitalSignature') !== true || keyUsage.has('keyCertSign')) return 'key-usage';
  if (extendedKeyUsage?.includes(purpose.extendedKeyUsage) !== true) return 'extended-key-usage';
  return purpose.scoped && leaf.scope === undefined ? 'scope-missing' : undefined;
}

/**
 * An issuer's rules, apart from time. `below` is how many intermediate certificates stand between it and the leaf.
 * An anchor may carry no LabelScope (section 5); where it carries one, it binds.
 */
export function findIssuerFault(
  issuer: Certificate,
  child: Certificate,
  place: { readonly below: number; readonly anchor: boolean; readonly purpose: Purpose },
): PathFault | undefined {
  const common = findCommonFault(issuer);
  if (common !== undefined) return common;
  const { basicConstraints, keyUsage, extendedKeyUsage } = issuer.extensions;
  if (basicConstraints?.ca !== true) return 'not-a-ca';
  if ((basicConstraints.pathLength ?? Infinity) < place.below) return 'path-length';
  if (keyUsage?.has('keyCertSign') !== true) return 'key-usage';
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.includes(place.purpose.extendedKeyUsage)) {
    return 'extended-key-usage';
  }
  if (!place.purpose.scoped) return undefined;
  if (issuer.scope === undefined) return place.anchor ? undefined : 'scope-missing';
  return child.scope !== undefined && isScopeSubset(child.scope, issuer.scope) ? undefined : 'scope-wider';
}
