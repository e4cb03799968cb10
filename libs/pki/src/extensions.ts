import type { LabelScope } from '#label';
import {
  children,
  expectTag,
  malformed,
  readBoolean,
  readInteger,
  readOid,
  readOne,
  readTime,
  tags,
  type Element,
} from './der.js';
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
export function readExtensions(list: readonly Element[]): RawExtension[] {
  const seen = new Set<string>();
  return list.map((item) => {
    const parts = children(expectTag(item, tags.sequence));
    const oid = readOid(parts[0]);
    const critical = parts.length === 3 && readBoolean(parts[1]);
    if (parts.length > 3 || (parts.length === 3 && !critical)) throw malformed('an extension');
    if (seen.has(oid)) throw malformed(`the extension ${oid} twice`);
    seen.add(oid);
    return { oid, critical, value: expectTag(parts.at(-1), tags.octetString).value };
  });
}

type Decoder = (value: Uint8Array) => Omit<CertificateExtensions, 'unknownCritical'>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  [oids.basicConstraints]: (value) => ({ basicConstraints: readBasicConstraints(value) }),
  [oids.keyUsage]: (value) => ({ keyUsage: readKeyUsage(value) }),
  [oids.extendedKeyUsage]: (value) => ({ extendedKeyUsage: children(readOne(value, tags.sequence)).map(readOid) }),
  [oids.privateKeyUsagePeriod]: (value) => ({ privateKeyUsagePeriod: readUsagePeriod(value) }),
  [oids.labelScope]: (value) => ({ labelScope: decodeLabelScope(value) }),
  [oids.labelScopeOfVectors]: (value) => ({ labelScope: decodeLabelScope(value) }),
  [oids.subjectKeyIdentifier]: (value) => ({
    subjectKeyIdentifier: Buffer.from(readOne(value, tags.octetString).value).toString('hex'),
  }),
  [oids.authorityKeyIdentifier]: (value) => {
    const keyId = children(readOne(value, tags.sequence)).find(({ tag }) => tag === 0x80);
    return keyId === undefined ? {} : { authorityKeyIdentifier: Buffer.from(keyId.value).toString('hex') };
  },
  [oids.cRLDistributionPoints]: () => ({}),
};

/** Decodes what path validation needs and lists the critical rest. */
export function decodeExtensions(list: readonly Element[]): CertificateExtensions {
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
  const parts = children(readOne(value, tags.sequence));
  const ca = parts[0]?.tag === tags.boolean && readBoolean(parts.shift());
  if (parts.length === 0) return { ca };
  const pathLength = Number(readInteger(parts[0]));
  if (!ca || parts.length > 1 || pathLength < 0) throw malformed('basicConstraints');
  return { ca, pathLength };
}

function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const [unused = 0, ...bytes] = readOne(value, tags.bitString).value;
  if (unused > 7) throw malformed('keyUsage');
  return new Set(keyUsages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

function readUsagePeriod(value: Uint8Array): { notBefore?: Date; notAfter?: Date } {
  const bound = (tag: number): Date | undefined => {
    const found = children(readOne(value, tags.sequence)).find((item) => item.tag === tag);
    return found === undefined ? undefined : readTime({ ...found, tag: tags.generalizedTime });
  };
  const [notBefore, notAfter] = [bound(0x80), bound(0x81)];
  return { ...(notBefore === undefined ? {} : { notBefore }), ...(notAfter === undefined ? {} : { notAfter }) };
}
