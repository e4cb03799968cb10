import { verify } from 'node:crypto';
import type { BundleInfo, CatalogueEntry, TrustedCertificate, TrustStore } from '#label';
import type { Certificate } from './certificate.js';
import { createPathValidator, type PathMaterial, type PathValidator } from './path.js';

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

/** What a label is verified against, plus the CRL numbers to remember for the next load (section 6). */
export interface CertificateTrustStore extends TrustStore {
  readonly crlNumbers: () => ReadonlyMap<string, bigint>;
}

/**
 * A TrustStore over X.509. Without `bundle` the data have no age: nothing is ever stale, and it is the CRLs' own
 * nextUpdate that ends their use (section 6: past it the chain is invalid).
 */
export function createTrustStore(data: TrustData): CertificateTrustStore {
  const paths = createPathValidator(data);
  const byKid = new Map<string, TrustedCertificate[]>();
  const unique = new Map(data.certificates.map((certificate) => [certificate.fingerprint, certificate]));
  for (const certificate of unique.values()) {
    byKid.set(certificate.kid, [...(byKid.get(certificate.kid) ?? []), trusted(certificate, paths)]);
  }
  return {
    hosts: new Set(data.hosts),
    ...(data.bundle === undefined ? {} : { bundle: data.bundle }),
    certificates: (kid) => byKid.get(kid) ?? [],
    isVoid: (gtin, serial) => data.voids?.get(gtin)?.has(serial) ?? false,
    isRecalled: (gtin, lot) => data.recalls?.get(gtin)?.has(lot) ?? false,
    catalogue: (gtin) => data.catalogue?.get(gtin),
    crlNumbers: paths.crlNumbers,
  };
}

function trusted(certificate: Certificate, paths: PathValidator): TrustedCertificate {
  const { kid, subjectText, notBefore, notAfter, publicKey, scope } = certificate;
  const period = certificate.extensions.privateKeyUsagePeriod;
  // A label's algorithm is ES256 or nothing: any other kind of key never confirms one.
  const usable = publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return {
    kid,
    subject: subjectText,
    notBefore,
    notAfter,
    ...(period?.notBefore === undefined ? {} : { signingFrom: period.notBefore }),
    ...(period?.notAfter === undefined ? {} : { signingUntil: period.notAfter }),
    ...(scope === undefined ? {} : { scope }),
    verify: (input, signature) => usable && signature.length === 64 && verify('sha256', input, key, signature),
    path: (now, issuedOn) => paths.judge(certificate, now, issuedOn),
  };
}
