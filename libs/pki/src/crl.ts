import {
  children,
  expectTag,
  malformed,
  readBitString,
  readInteger,
  readOid,
  readOne,
  readTime,
  tags,
  type Element,
} from './der.js';
import { readExtensions } from './extensions.js';
import { nameText } from './name.js';
import { oids } from './oids.js';
import { reasonCodes, type RevocationReason } from './revocation.js';

/** A CRL as read (RFC 5280 section 5). */
export interface Crl {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuer: string;
  readonly issuerText: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly number?: bigint;
  /** By serial number, as `Certificate.serialNumber` gives it. */
  readonly revoked: ReadonlyMap<string, RevokedEntry>;
  /** Critical extensions of the CRL or of an entry that this program does not process, indirect CRLs among them. */
  readonly unknownCritical: readonly string[];
}

export interface RevokedEntry {
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
}

const REASONS: ReadonlyMap<number, RevocationReason> = new Map(
  (Object.keys(reasonCodes) as RevocationReason[]).map((reason) => [reasonCodes[reason], reason]),
);
const HARMLESS: ReadonlySet<string> = new Set([oids.cRLNumber, oids.authorityKeyIdentifier]);
const isTime = (item: Element | undefined): boolean => item?.tag === tags.utcTime || item?.tag === tags.generalizedTime;

/** Reads a DER CRL strictly; whether it can be trusted is for the path to say. */
export function parseCrl(bytes: Uint8Array): Crl {
  const der = Uint8Array.from(bytes);
  const [tbs, outer, signature, ...more] = children(readOne(der, tags.sequence));
  const fields = children(expectTag(tbs, tags.sequence));
  if (fields[0]?.tag === tags.integer && readInteger(fields.shift()) !== 1n)
    throw malformed('a CRL of another version');
  const [inner, issuer, thisUpdate, ...tail] = fields;
  if (more.length > 0 || tbs === undefined || outer === undefined || issuer === undefined || inner === undefined) {
    throw malformed('not a CRL');
  }
  if (!Buffer.from(inner.raw).equals(outer.raw)) throw malformed('two different signature algorithms');
  const nextUpdate = isTime(tail[0]) ? readTime(tail.shift()) : undefined;
  const unknownCritical: string[] = [];
  const revoked =
    tail[0]?.tag === tags.sequence ? readEntries(tail.shift(), unknownCritical) : new Map<string, RevokedEntry>();
  const extensions = tail[0]?.tag === 0xa0 ? readExtensions(children(readOne(tail.shift()?.value ?? der))) : [];
  if (tail.length > 0) throw malformed('unknown fields in a CRL');
  for (const { oid, critical } of extensions) if (critical && !HARMLESS.has(oid)) unknownCritical.push(oid);
  const number = extensions.find(({ oid }) => oid === oids.cRLNumber);
  return {
    der,
    tbs: tbs.raw,
    issuer: Buffer.from(issuer.raw).toString('hex'),
    issuerText: nameText(issuer),
    signatureAlgorithm: readOid(children(outer)[0]),
    signature: readBitString(signature),
    thisUpdate: readTime(thisUpdate),
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...(number === undefined ? {} : { number: readInteger(readOne(number.value)) }),
    revoked,
    unknownCritical,
  };
}

function readEntries(list: Element | undefined, unknownCritical: string[]): Map<string, RevokedEntry> {
  const entries = new Map<string, RevokedEntry>();
  for (const item of children(expectTag(list, tags.sequence))) {
    const [serial, revokedAt, more] = children(expectTag(item, tags.sequence));
    let reason: RevocationReason = 'unspecified';
    for (const { oid, critical, value } of more === undefined ? [] : readExtensions(children(more))) {
      if (oid === oids.reasonCode) {
        reason = REASONS.get(Number(readInteger(readOne(value), tags.enumerated))) ?? 'unspecified';
      } else if (critical && oid !== oids.invalidityDate) unknownCritical.push(oid);
    }
    entries.set(readInteger(serial).toString(16), { revokedAt: readTime(revokedAt), reason });
  }
  return entries;
}
