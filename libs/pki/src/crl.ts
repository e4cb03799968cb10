import { AsnProp, AsnPropTypes } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, CRLReason, Extension, Name, RevokedCertificate, Time } from '@peculiar/asn1-x509';
import { BigInteger, malformed, mendOids, readDer, serialText, writeDer } from './asn1.js';
import { hex } from './bytes.js';
import { readExtensions } from './extensions.js';
import { nameText } from './name-text.js';
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

/**
 * A TBSCertList (RFC 5280 section 5.1). The library's own takes what follows for nextUpdate when there is none, and
 * so drops the revoked certificates; here each of the two types of time is an optional field of its own.
 */
export class CrlBody {
  @AsnProp({ type: AsnPropTypes.Integer, optional: true })
  version?: number;

  @AsnProp({ type: AlgorithmIdentifier })
  signature = new AlgorithmIdentifier();

  @AsnProp({ type: Name })
  issuer = new Name();

  @AsnProp({ type: Time })
  thisUpdate = new Time();

  @AsnProp({ type: AsnPropTypes.UTCTime, optional: true })
  utcNextUpdate?: Date;

  @AsnProp({ type: AsnPropTypes.GeneralizedTime, optional: true })
  generalNextUpdate?: Date;

  @AsnProp({ type: RevokedCertificate, repeated: 'sequence', optional: true })
  revoked?: RevokedCertificate[];

  @AsnProp({ type: Extension, repeated: 'sequence', context: 0, optional: true })
  extensions?: Extension[];
}

/** A CertificateList: the body and its signature. */
export class CrlStructure {
  @AsnProp({ type: CrlBody, raw: true })
  body = new CrlBody();

  bodyRaw = new ArrayBuffer(0);

  @AsnProp({ type: AlgorithmIdentifier })
  signatureAlgorithm = new AlgorithmIdentifier();

  @AsnProp({ type: AsnPropTypes.BitString })
  signature = new ArrayBuffer(0);
}

/** Reads a DER CRL strictly; whether it can be trusted is for the path to say. */
export function parseCrl(bytes: Uint8Array): Crl {
  const der = Uint8Array.from(bytes);
  const structure = readDer(der, CrlStructure, ({ body }) => {
    mendOids(body.extensions);
    for (const entry of body.revoked ?? []) mendOids(entry.crlEntryExtensions);
  });
  const { body, bodyRaw, signatureAlgorithm } = structure;
  if (body.version !== undefined && body.version !== 1) throw malformed('a CRL of another version');
  if (!body.signature.isEqual(signatureAlgorithm)) throw malformed('two different signature algorithms');
  const nextUpdate = body.utcNextUpdate ?? body.generalNextUpdate;
  const extensions = readExtensions(body.extensions);
  const number = extensions.find(({ oid }) => oid === oids.cRLNumber);
  const unknownCritical = extensions
    .filter(({ oid, critical }) => critical && !HARMLESS.has(oid))
    .map(({ oid }) => oid);
  return {
    der,
    tbs: new Uint8Array(bodyRaw),
    issuer: hex(writeDer(body.issuer)),
    issuerText: nameText(body.issuer),
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signature: new Uint8Array(structure.signature),
    thisUpdate: body.thisUpdate.getTime(),
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...(number === undefined ? {} : { number: readDer(number.value, BigInteger).value }),
    revoked: new Map(body.revoked?.map((entry) => readEntry(entry, unknownCritical))),
    unknownCritical,
  };
}

function readEntry(entry: RevokedCertificate, unknownCritical: string[]): [string, RevokedEntry] {
  let reason: RevocationReason = 'unspecified';
  for (const { oid, critical, value } of readExtensions(entry.crlEntryExtensions)) {
    if (oid === oids.reasonCode) reason = REASONS.get(readDer(value, CRLReason).reason) ?? 'unspecified';
    else if (critical && oid !== oids.invalidityDate) unknownCritical.push(oid);
  }
  return [serialText(entry.userCertificate), { revokedAt: entry.revocationDate.getTime(), reason }];
}
