import type { Extension, TBSCertificate } from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.js';
import type { CertificateExtensions } from '../extensions.js';
import type { ProfileRules } from './lint-profiles.js';

/** One broken rule. A `warning` is about what only names the holder; an `error` must never be signed. */
export interface LintFault {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What the linter judges: the parts of a TBSCertificate, taken apart once. */
export interface LintSubject {
  readonly tbs: TBSCertificate;
  readonly extensions: CertificateExtensions;
  readonly list: readonly Extension[];
  readonly rules: ProfileRules;
  /** Absent for the root, and where nobody knows it. */
  readonly issuer: Certificate | undefined;
}

export const lintError = (rule: string, message: string): LintFault => ({ rule, severity: 'error', message });
export const lintWarning = (rule: string, message: string): LintFault => ({ rule, severity: 'warning', message });
