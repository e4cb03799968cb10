import { verify, type KeyObject } from 'node:crypto';
import { read, signedBytes, type Reading } from './reading.js';

/* Sections 2, 4 and 7 of the label profile, read a second time from the specification alone; see reading.ts. */

const DAY = 86_400_000;

/** What a verifier knows, in plain words. Times are milliseconds since 1970, both ends of a span included. */
export interface PlainTrust {
  readonly hosts: readonly string[];
  readonly certificates: readonly PlainCertificate[];
  /** `gtin/serial` and `gtin/lot`. */
  readonly voids: ReadonlySet<string>;
  readonly recalls: ReadonlySet<string>;
  readonly bundle?: { readonly issuedAt: number; readonly nextUpdate: number };
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface PlainCertificate {
  readonly kid: string;
  readonly key: KeyObject;
  readonly validity: Span;
  readonly signing?: Span;
  readonly scope: {
    readonly country: string;
    readonly gtinPrefixes: readonly string[];
    readonly hosts: readonly string[];
  };
  /** When all that is above the leaf is in force: the CAs' validity and the CRLs' updates, cut together. */
  readonly chain: 'broken' | Span;
  /** What the CRLs say of the leaf and of the CAs above it. */
  readonly revocations: readonly PlainRevocation[];
}

export interface PlainRevocation {
  readonly reason: string;
  readonly at: number;
}

/** Section 4's codes after the signature, in its order. */
const ORDER = [
  'ISSUED_IN_FUTURE',
  'NOT_VALID_AT_ISSUE',
  'CHAIN_INVALID',
  'KEY_REVOKED',
  'OUT_OF_SCOPE',
  'LABEL_VOID',
  'RECALLED',
  'TRUST_EXPIRED',
  'VALID_STALE_TRUST',
  'VALID',
];

/** The verdict of section 4 for a URI at a moment. */
export function judge(uri: string, trust: PlainTrust, now: number): string {
  const reading = read(uri);
  if (reading === undefined) return 'BAD_FORMAT';
  const { seal, host } = reading;
  if (seal === undefined) return 'NOT_SIGNED';
  if (seal[0] !== 1) return 'UNSUPPORTED_VERSION';
  if (!trust.hosts.includes(host)) return 'HOST_NOT_TRUSTED';
  const kid = seal.toString('hex', 1, 9);
  const named = trust.certificates.filter((certificate) => certificate.kid === kid);
  if (named.length === 0) return 'UNKNOWN_KEY';
  const day = seal.readUInt16BE(9);
  const input = signedBytes(reading, kid, day);
  const signers = named.filter(({ key }) =>
    verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, seal.subarray(11)),
  );
  if (signers.length === 0) return 'BAD_SIGNATURE';
  const issued = Date.UTC(2020, 0, 1) + day * DAY;
  // A kid is a hint: where several certificates verify, the one that carries the label furthest decides.
  const reached = signers.map((signer) => ORDER.indexOf(judgeSigned(signer, reading, trust, issued, now)));
  return ORDER[Math.max(...reached)] ?? 'no verdict';
}

function judgeSigned(signer: PlainCertificate, label: Reading, trust: PlainTrust, issued: number, now: number): string {
  if (issued > now + DAY) return 'ISSUED_IN_FUTURE';
  if (![signer.validity, signer.signing].every((span) => span === undefined || holdsDay(span, issued))) {
    return 'NOT_VALID_AT_ISSUE';
  }
  if (signer.chain === 'broken' || now > signer.validity.until || !holds(signer.chain, now)) return 'CHAIN_INVALID';
  if (signer.revocations.some((revocation) => isLost(revocation, issued))) return 'KEY_REVOKED';
  if (!isInScope(signer.scope, label)) return 'OUT_OF_SCOPE';
  return listFault(label, trust) ?? ageVerdict(trust, now);
}

/** An issue day is a day: it lies in a span that begins or ends in its middle. */
function holdsDay({ from, until }: Span, day: number): boolean {
  return Math.floor(from / DAY) * DAY <= day && day <= until;
}

function holds({ from, until }: Span, moment: number): boolean {
  return from <= moment && moment <= until;
}

/** Section 7: three reasons spare the labels of the days before; every other refuses them all. */
function isLost({ reason, at }: PlainRevocation, issued: number): boolean {
  if (!['superseded', 'cessationOfOperation', 'affiliationChanged'].includes(reason)) return true;
  return issued >= Math.floor(at / DAY) * DAY;
}

function isInScope(scope: PlainCertificate['scope'], { host, ais }: Reading): boolean {
  const digits = (ais.get('01') ?? '').slice(1);
  const country = ais.get('422');
  return (
    scope.gtinPrefixes.some((prefix) => digits.startsWith(prefix)) &&
    scope.hosts.includes(host) &&
    (country === undefined || country === scope.country)
  );
}

function listFault({ ais }: Reading, { voids, recalls }: PlainTrust): string | undefined {
  const gtin = ais.get('01');
  if (voids.has(`${gtin}/${ais.get('21')}`)) return 'LABEL_VOID';
  return ais.has('10') && recalls.has(`${gtin}/${ais.get('10')}`) ? 'RECALLED' : undefined;
}

function ageVerdict({ bundle }: PlainTrust, now: number): string {
  if (bundle === undefined) return 'VALID';
  if (now - bundle.issuedAt > 90 * DAY) return 'TRUST_EXPIRED';
  return now > bundle.nextUpdate ? 'VALID_STALE_TRUST' : 'VALID';
}
