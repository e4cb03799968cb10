import type { BundleInfo, CatalogueEntry, PathJudgement, TrustedCertificate, TrustStore } from '#label';
import type { Certificate } from './certificate.js';
import type { SignatureCheck } from './ecdsa.js';
import type { PathMaterial } from './path.js';

/** Trust data from wherever they come: a bundle, or loose files with nothing but certificates, CRLs and hosts. */
export interface TrustData extends PathMaterial {
  readonly hosts: Iterable<string>;
  readonly bundle?: BundleInfo;
  /** GTIN → void serials. */
  readonly voids?: ReadonlyMap<string, ReadonlySet<string>>;
  /** GTIN → recalled lots. */
  readonly recalls?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly catalogue?: ReadonlyMap<string, CatalogueEntry>;
}

/** What a platform does with what it is asked, at once or later. */
export interface Platform {
  holds(check: SignatureCheck): boolean | Promise<boolean>;
  judge(leaf: Certificate, now: Date, issuedOn: Date): PathJudgement | Promise<PathJudgement>;
}

/**
 * A TrustStore over X.509. Without `bundle` the data have no age: nothing is ever stale, and it is the CRLs' own
 * nextUpdate that ends their use (section 6: past it the chain is invalid).
 */
export function buildTrustStore(data: TrustData, platform: Platform): TrustStore {
  const byKid = new Map<string, TrustedCertificate[]>();
  const unique = new Map(data.certificates.map((certificate) => [certificate.fingerprint, certificate]));
  for (const certificate of unique.values()) {
    byKid.set(certificate.kid, [...(byKid.get(certificate.kid) ?? []), trusted(certificate, platform)]);
  }
  return {
    hosts: new Set(data.hosts),
    ...(data.bundle === undefined ? {} : { bundle: data.bundle }),
    certificates: (kid) => byKid.get(kid) ?? [],
    isVoid: (gtin, serial) => data.voids?.get(gtin)?.has(serial) ?? false,
    isRecalled: (gtin, lot) => data.recalls?.get(gtin)?.has(lot) ?? false,
    catalogue: (gtin) => data.catalogue?.get(gtin),
  };
}

function trusted(certificate: Certificate, platform: Platform): TrustedCertificate {
  const { kid, subjectText, notBefore, notAfter, scope } = certificate;
  const { spki, curve } = certificate.publicKey;
  const period = certificate.extensions.privateKeyUsagePeriod;
  return {
    kid,
    subject: subjectText,
    notBefore,
    notAfter,
    ...(period?.notBefore === undefined ? {} : { signingFrom: period.notBefore }),
    ...(period?.notAfter === undefined ? {} : { signingUntil: period.notAfter }),
    ...(scope === undefined ? {} : { scope }),
    // A label's algorithm is ES256 or nothing: any other kind of key never confirms one.
    verify: (data, signature) =>
      curve === 'P-256' && signature.length === 64 && platform.holds({ spki, curve, hash: 'SHA-256', data, signature }),
    path: (now, issuedOn) => platform.judge(certificate, now, issuedOn),
  };
}
