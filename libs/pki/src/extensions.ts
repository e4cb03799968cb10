import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  KeyUsage as KeyUsageBits,
  PrivateKeyUsagePeriod,
  SubjectKeyIdentifier,
  type Extension,
} from '@peculiar/asn1-x509';
import type { LabelScope } from '#label';
import { dotted, malformed, readDer } from './asn1.js';
import { hex } from './bytes.js';
import { oids } from './oids.js';
import { decodeLabelScope } from './scope.js';

/** The extensions of a certificate that path validation looks at (section 5 and 6). */
export interface CertificateExtensions {
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  readonly extendedKeyUsage?: readonly string[];
  readonly privateKeyUsagePeriod?: { readonly notBefore?: Date; readonly notAfter?: Date };
  readonly labelScope?: LabelScope;
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  /** Critical extensions that this program does not process: reason enough to refuse (RFC 5280 section 4.2). */
  readonly unknownCritical: readonly string[];
}

/** Named bits of RFC 5280 section 4.2.1.3, in their order. */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof keyUsages)[number];

/** One extension of a certificate, a CRL or a CRL entry. */
export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Reads a list of extensions; the same one twice is refused (RFC 5280 section 4.2). */
export function readExtensions(list: Iterable<Extension> = []): RawExtension[] {
  const seen = new Set<string>();
  return Array.from(list, ({ extnID: oid, critical, extnValue }) => {
    if (seen.has(oid)) throw malformed(`the extension ${oid} twice`);
    seen.add(oid);
    return { oid, critical, value: new Uint8Array(extnValue.buffer) };
  });
}

type Decoder = (value: Uint8Array) => Omit<CertificateExtensions, 'unknownCritical'>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  [oids.basicConstraints]: (value) => ({ basicConstraints: readBasicConstraints(value) }),
  [oids.keyUsage]: (value) => ({ keyUsage: readKeyUsage(value) }),
  [oids.extendedKeyUsage]: (value) => ({ extendedKeyUsage: readPurposes(value) }),
  [oids.privateKeyUsagePeriod]: (value) => ({ privateKeyUsagePeriod: { ...readDer(value, PrivateKeyUsagePeriod) } }),
  [oids.labelScope]: (value) => ({ labelScope: decodeLabelScope(value) }),
  [oids.labelScopeOfVectors]: (value) => ({ labelScope: decodeLabelScope(value) }),
  [oids.subjectKeyIdentifier]: (value) => ({ subjectKeyIdentifier: hex(readDer(value, SubjectKeyIdentifier).buffer) }),
  [oids.authorityKeyIdentifier]: (value) => {
    const { keyIdentifier } = readDer(value, AuthorityKeyIdentifier);
    return keyIdentifier === undefined ? {} : { authorityKeyIdentifier: hex(keyIdentifier.buffer) };
  },
  [oids.cRLDistributionPoints]: () => ({}),
};

/** Decodes what path validation needs and lists the critical rest. */
export function decodeExtensions(list?: Iterable<Extension>): CertificateExtensions {
  let decoded: Omit<CertificateExtensions, 'unknownCritical'> = {};
  const unknownCritical: string[] = [];
  for (const { oid, critical, value } of readExtensions(list)) {
    const decoder = DECODERS[oid];
    if (decoder !== undefined && oid.startsWith('2.25') && decoded.labelScope !== undefined) {
      throw malformed('two LabelScope extensions');
    }
    if (decoder !== undefined) decoded = { ...decoded, ...decoder(value) };
    else if (critical) unknownCritical.push(oid);
  }
  return { ...decoded, unknownCritical };
}

function readBasicConstraints(value: Uint8Array): { ca: boolean; pathLength?: number } {
  const { cA: ca, pathLenConstraint } = readDer(value, BasicConstraints);
  if (pathLenConstraint === undefined) return { ca };
  const pathLength = Number(pathLenConstraint);
  if (!ca || pathLength < 0) throw malformed('basicConstraints');
  return { ca, pathLength };
}

function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const bits = readDer(value, KeyUsageBits).toNumber();
  return new Set(keyUsages.filter((_, bit) => (bits & (1 << bit)) !== 0));
}

function readPurposes(value: Uint8Array): readonly string[] {
  const mend = (purposes: ExtendedKeyUsage): void => {
    for (const [place, oid] of purposes.entries()) purposes[place] = dotted(oid);
  };
  return [...readDer(value, ExtendedKeyUsage, mend)];
}
