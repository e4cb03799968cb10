import type { KeyUsage } from '../extensions.js';
import { oids } from '../oids.js';

/** The table of the label profile, section 5, with the column of the bundle signer (docs/decisions/0003). */
export type LintProfile = 'root' | 'country-ca' | 'label-signer' | 'bundle-signer';

export interface ProfileRules {
  readonly selfSigned: boolean;
  readonly ca: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: readonly KeyUsage[];
  /** The one extended key usage. */
  readonly purpose: string | undefined;
  /** Whole years of validity; undefined where the signing window decides. */
  readonly years: number | undefined;
  readonly scoped: boolean;
  /** Subject attributes in their order; those with a question mark may be left out with a warning. */
  readonly subject: readonly string[];
  /** Every extension that must be there, and whether it is critical. */
  readonly extensions: ReadonlyMap<string, boolean>;
}

const { basicConstraints, keyUsage, extendedKeyUsage, subjectKeyIdentifier, authorityKeyIdentifier } = oids;
const { labelScope, privateKeyUsagePeriod, cRLDistributionPoints } = oids;

const authority = { ca: true, keyUsage: ['keyCertSign', 'cRLSign'], purpose: undefined } as const;
const leaf = { selfSigned: false, ca: false, pathLength: undefined, keyUsage: ['digitalSignature'] } as const;
const caExtensions = [
  [basicConstraints, true],
  [keyUsage, true],
  [subjectKeyIdentifier, false],
] as const;
const underExtensions = [...caExtensions, [authorityKeyIdentifier, false], [cRLDistributionPoints, false]] as const;

export const profileRules: Readonly<Record<LintProfile, ProfileRules>> = {
  root: {
    ...authority,
    ...{ selfSigned: true, pathLength: 1, years: 30, scoped: false, subject: ['CN', 'O', 'C'] },
    extensions: new Map<string, boolean>(caExtensions),
  },
  'country-ca': {
    ...authority,
    ...{ selfSigned: false, pathLength: 0, years: 20, scoped: true, subject: ['CN', 'O', 'C'] },
    extensions: new Map<string, boolean>([...underExtensions, [labelScope, true]]),
  },
  'label-signer': {
    ...leaf,
    ...{ purpose: oids.labelSigning, years: undefined, scoped: true, subject: ['CN', 'OU?', 'O', 'L?', 'C'] },
    extensions: new Map<string, boolean>([
      ...underExtensions,
      [extendedKeyUsage, true],
      [labelScope, true],
      [privateKeyUsagePeriod, false],
    ]),
  },
  'bundle-signer': {
    ...leaf,
    ...{ purpose: oids.bundleSigning, years: 2, scoped: false, subject: ['CN', 'O', 'C'] },
    extensions: new Map<string, boolean>([...underExtensions, [extendedKeyUsage, true]]),
  },
};
