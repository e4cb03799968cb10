import { parseLabelUri, type ParsedLabel } from './parse.js';
import { findScopeFault } from './scope.js';
import type { Language } from './sentences/index.js';
import { dateOf, PROFILE_VERSION, type LabelSignature } from './signature.js';
import { signingInput } from './fields.js';
import type { TrustedCertificate, TrustStore } from './trust.js';
import { makeVerdict, type Verdict, type VerdictFacts } from './verdict.js';
import { verdictCodes, type VerdictCode } from './verdict-codes.js';

const DAY = 86_400_000;

/**
 * Past this age of the trust data, counted from the bundle's issuedAt, nothing is called valid (section 4). The row
 * is headed "age of the trust bundle", so that age is meant, not days past nextUpdate.
 */
export const TRUST_LIFETIME_DAYS = 90;

export interface VerifyOptions {
  readonly language?: Language;
}

interface Finding {
  readonly code: VerdictCode;
  readonly reason?: string;
  /** The certificate at which a path broke. */
  readonly subject?: string;
}

/**
 * The verdict on a label: the steps of section 4 in exactly their order, the first that fails deciding. Needs no
 * network; `now` is the caller's clock. Rejects only when a certificate's own `verify` or `path` does.
 */
export async function verifyLabel(
  uri: string,
  trust: TrustStore,
  now: Date,
  options: VerifyOptions = {},
): Promise<Verdict> {
  const language = options.language ?? 'en';
  const label = parseLabelUri(uri);
  if ('badFormat' in label) {
    const facts = { ...bundleFacts(trust, now), field: label.field, position: label.position };
    return makeVerdict('BAD_FORMAT', facts, language, label.badFormat);
  }
  const facts = labelFacts(label, trust, now);
  const { signature } = label;
  if (signature === undefined) return makeVerdict('NOT_SIGNED', facts, language);
  const early = judgeBeforeSignature(label.host, signature, trust);
  if (early !== undefined) return makeVerdict(early, facts, language);

  const input = signingInput(label, signature);
  let furthest: Verdict | undefined;
  for (const certificate of trust.certificates(signature.kid)) {
    const answer = certificate.verify(input, signature.signature);
    if (!(typeof answer === 'boolean' ? answer : await answer)) continue;
    const finding = await judgeSigned(label, signature, certificate, trust, now);
    const verdict = makeVerdict(
      finding.code,
      signedFacts(facts, certificate, finding.subject),
      language,
      finding.reason,
    );
    if (furthest === undefined || stepOf(verdict) > stepOf(furthest)) furthest = verdict;
  }
  return furthest ?? makeVerdict('BAD_SIGNATURE', facts, language);
}

/** The place of a verdict in section 4. Of several certificates that verify, the one that comes furthest decides. */
function stepOf(verdict: Verdict): number {
  return verdictCodes.indexOf(verdict.code);
}

function judgeBeforeSignature(host: string, signature: LabelSignature, trust: TrustStore): VerdictCode | undefined {
  if (signature.version !== PROFILE_VERSION) return 'UNSUPPORTED_VERSION';
  if (!trust.hosts.has(host)) return 'HOST_NOT_TRUSTED';
  return trust.certificates(signature.kid).length === 0 ? 'UNKNOWN_KEY' : undefined;
}

/** Everything after a right signature. */
async function judgeSigned(
  label: ParsedLabel,
  signature: LabelSignature,
  certificate: TrustedCertificate,
  trust: TrustStore,
  now: Date,
): Promise<Finding> {
  const issuedOn = dateOf(signature.iat);
  if (issuedOn.getTime() > now.getTime() + DAY) return { code: 'ISSUED_IN_FUTURE' };
  const early = judgeIssueDay(certificate, issuedOn);
  if (early !== undefined) return { code: 'NOT_VALID_AT_ISSUE', reason: early };
  const path = await certificate.path(now, issuedOn);
  if (!path.ok) return path;
  const outside = findScopeFault(certificate.scope, label);
  if (outside !== undefined) return { code: 'OUT_OF_SCOPE', reason: outside };
  if (trust.isVoid(label.gtin, label.serial)) return { code: 'LABEL_VOID' };
  if (label.lot !== undefined && trust.isRecalled(label.gtin, label.lot)) return { code: 'RECALLED' };
  return { code: judgeAge(trust, now) };
}

/**
 * An issue day is a whole day: it lies within a period when some instant of it does. A certificate made at noon
 * may sign the same day.
 */
function judgeIssueDay(certificate: TrustedCertificate, issuedOn: Date): string | undefined {
  const day = issuedOn.getTime();
  const startsAfter = (bound: Date | undefined): boolean => bound !== undefined && bound.getTime() >= day + DAY;
  const endsBefore = (bound: Date | undefined): boolean => bound !== undefined && bound.getTime() < day;
  if (startsAfter(certificate.notBefore) || endsBefore(certificate.notAfter)) return 'certificate-validity';
  if (startsAfter(certificate.signingFrom) || endsBefore(certificate.signingUntil)) return 'signing-window';
  return undefined;
}

function judgeAge(trust: TrustStore, now: Date): VerdictCode {
  if (trust.bundle === undefined) return 'VALID';
  const age = now.getTime() - trust.bundle.issuedAt.getTime();
  if (age > TRUST_LIFETIME_DAYS * DAY) return 'TRUST_EXPIRED';
  return now.getTime() > trust.bundle.nextUpdate.getTime() ? 'VALID_STALE_TRUST' : 'VALID';
}

function bundleFacts(trust: TrustStore, now: Date): VerdictFacts {
  if (trust.bundle === undefined) return {};
  const { seq, issuedAt, nextUpdate } = trust.bundle;
  const ageDays = Math.floor((now.getTime() - issuedAt.getTime()) / DAY);
  return {
    bundle: { seq, issuedAt: issuedAt.toISOString(), nextUpdate: nextUpdate.toISOString(), ageDays },
  };
}

function labelFacts(label: ParsedLabel, trust: TrustStore, now: Date): VerdictFacts {
  const { host, gtin, lot, serial, attributes, signature } = label;
  const catalogue = trust.catalogue(gtin);
  return {
    host,
    gtin,
    ...(lot === undefined ? {} : { lot }),
    serial,
    attributes,
    ...(signature === undefined
      ? {}
      : { kid: signature.kid, issueDay: dateOf(signature.iat).toISOString().slice(0, 10) }),
    ...bundleFacts(trust, now),
    ...(catalogue === undefined ? {} : { catalogue }),
  };
}

function signedFacts(facts: VerdictFacts, certificate: TrustedCertificate, brokenAt?: string): VerdictFacts {
  const { subject, scope, notBefore, notAfter } = certificate;
  return {
    ...facts,
    certificate: {
      subject,
      ...(scope === undefined ? {} : { country: scope.country }),
      ...(scope?.producerId === undefined ? {} : { producerId: scope.producerId }),
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
    },
    ...(brokenAt === undefined ? {} : { brokenAt }),
  };
}
