import type { KeyObject } from 'node:crypto';
import type { Extension } from '@peculiar/asn1-x509';
import { isScopeSubset, type LabelScope } from '#label';
import { AppError } from '#contracts';
import { keyHashOf, type Certificate } from '../certificate.js';
import { encodeName, type DistinguishedName } from '../name.js';
import { oids } from '../oids.js';
import * as extension from './extensions.js';
import { draftCertificate, newSerialNumber, signDraft, type Draft } from './issue.js';
import type { LintProfile } from './lint-profiles.js';
import type { Signature, Signed, Signer } from './signer.js';

/** The certificates of the label profile, section 5, and the bundle signer's of docs/decisions/0003. */

const YEARS = { root: 30, countryCa: 20, bundleSigner: 2 } as const;

/** A CA as an issuer: its certificate and the key behind it. */
export interface Authority<S extends Signature = Uint8Array> {
  readonly certificate: Certificate;
  readonly signer: Signer<S>;
}
/** An issuer whose key is in memory or in a token. */
export type AnyAuthority = Authority<Signature>;

interface Common {
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  /** 16 bytes; random when absent. */
  readonly serialNumber?: Uint8Array;
}

interface Issued extends Common {
  readonly publicKey: KeyObject;
  /** Where the issuer's CRL is published. */
  readonly crlUrl: string;
}

function years(from: Date, count: number): Date {
  const end = new Date(from);
  end.setUTCFullYear(end.getUTCFullYear() + count);
  return end;
}

function subjectDer(authority: AnyAuthority): Uint8Array {
  if (authority.certificate.keyHash !== keyHashOf(authority.signer.publicKey)) {
    throw new AppError('invalid', 'the issuing key does not belong to the issuing certificate');
  }
  return Buffer.from(authority.certificate.subject, 'hex');
}

export type RootRequest<S extends Signature = Uint8Array> = Common & { readonly signer: Signer<S> };

/** The root: 30 years, CA with path length 1, no scope. */
export function draftRoot(request: RootRequest<Signature>): Draft {
  const name = encodeName(request.subject);
  const { publicKey } = request.signer;
  return draftCertificate({
    profile: 'root',
    serialNumber: request.serialNumber ?? newSerialNumber(),
    issuer: name,
    subject: name,
    notBefore: request.notBefore,
    notAfter: years(request.notBefore, YEARS.root),
    publicKey,
    extensions: [
      extension.basicConstraints({ ca: true, pathLength: 1 }),
      extension.keyUsage('keyCertSign', 'cRLSign'),
      extension.subjectKeyIdentifier(publicKey),
    ],
  });
}

/** Drafts and signs a root. */
export const createRoot = <S extends Signature>(request: RootRequest<S>): Signed<S, Certificate> =>
  signDraft(draftRoot(request), request.signer);

function draftUnder(
  profile: LintProfile,
  authority: AnyAuthority,
  request: Issued,
  notAfter: Date,
  own: readonly Extension[],
  rest: readonly Extension[],
): Draft {
  if (notAfter > authority.certificate.notAfter) {
    throw new AppError('invalid', 'the certificate would outlive its issuer');
  }
  return draftCertificate({
    profile,
    authority: authority.certificate,
    serialNumber: request.serialNumber ?? newSerialNumber(),
    issuer: subjectDer(authority),
    subject: encodeName(request.subject),
    notBefore: request.notBefore,
    notAfter,
    publicKey: request.publicKey,
    extensions: [
      ...own,
      extension.subjectKeyIdentifier(request.publicKey),
      extension.authorityKeyIdentifier(authority.signer.publicKey),
      ...rest,
      extension.cRLDistributionPoint(request.crlUrl),
    ],
  });
}

export type CountryCaRequest = Issued & { readonly scope: LabelScope };

/** A country's CA under the root: 20 years, path length 0, the country's scope. */
export function draftCountryCa(root: AnyAuthority, request: CountryCaRequest): Draft {
  const rootScope = root.certificate.scope;
  if (rootScope !== undefined && !isScopeSubset(request.scope, rootScope)) throw widerScope();
  return draftUnder(
    'country-ca',
    root,
    request,
    years(request.notBefore, YEARS.countryCa),
    [extension.basicConstraints({ ca: true, pathLength: 0 }), extension.keyUsage('keyCertSign', 'cRLSign')],
    [extension.labelScope(request.scope)],
  );
}

export interface LabelSignerRequest extends Issued {
  readonly scope: LabelScope;
  /** End of the signing window (privateKeyUsagePeriod), 6 to 12 months after notBefore. */
  readonly signingUntil: Date;
  /** End of the certificate: window plus product life. 10.5 years after notBefore when absent. */
  readonly notAfter?: Date;
}

/** A producer's label-signing certificate under its country CA. */
export function draftLabelSigner(countryCa: AnyAuthority, request: LabelSignerRequest): Draft {
  const { notBefore, signingUntil, scope } = request;
  const issuerScope = countryCa.certificate.scope;
  if (issuerScope === undefined || !isScopeSubset(scope, issuerScope)) throw widerScope();
  const half = new Date(notBefore);
  half.setUTCMonth(half.getUTCMonth() + 6);
  if (signingUntil < half || signingUntil > years(notBefore, 1)) {
    throw new AppError('invalid', 'the signing window must have 6 to 12 months');
  }
  const notAfter = request.notAfter ?? years(half, 10);
  if (notAfter < signingUntil) throw new AppError('invalid', 'the certificate must outlive its signing window');
  return draftUnder(
    'label-signer',
    countryCa,
    request,
    notAfter,
    [
      extension.basicConstraints({ ca: false }),
      extension.keyUsage('digitalSignature'),
      extension.extendedKeyUsage(oids.labelSigning),
    ],
    [extension.labelScope(scope), extension.privateKeyUsagePeriod(notBefore, signingUntil)],
  );
}

export type BundleSignerRequest = Issued;

/** The trust bundle's signer: a leaf directly under the root, two years, its own purpose, no scope. */
export function draftBundleSigner(root: AnyAuthority, request: BundleSignerRequest): Draft {
  return draftUnder(
    'bundle-signer',
    root,
    request,
    years(request.notBefore, YEARS.bundleSigner),
    [
      extension.basicConstraints({ ca: false }),
      extension.keyUsage('digitalSignature'),
      extension.extendedKeyUsage(oids.bundleSigning),
    ],
    [],
  );
}

/** Drafts and signs a country's CA. */
export const createCountryCa = <S extends Signature>(
  root: Authority<S>,
  request: CountryCaRequest,
): Signed<S, Certificate> => signDraft(draftCountryCa(root, request), root.signer);

/** Drafts and signs a producer's certificate. */
export const createLabelSigner = <S extends Signature>(
  countryCa: Authority<S>,
  request: LabelSignerRequest,
): Signed<S, Certificate> => signDraft(draftLabelSigner(countryCa, request), countryCa.signer);

/** Drafts and signs a bundle signer's certificate. */
export const createBundleSigner = <S extends Signature>(
  root: Authority<S>,
  request: BundleSignerRequest,
): Signed<S, Certificate> => signDraft(draftBundleSigner(root, request), root.signer);

function widerScope(): AppError {
  return new AppError('invalid', "the scope must lie inside the issuer's: same country, its GTIN prefixes, its hosts");
}
