/** Object identifiers. The project's arc is a UUID arc (X.667) and needs no registration: label profile, section 5. */
const ARC = '2.25.147695199645838369066445607976310545441';

export const oids = {
  labelScope: `${ARC}.1`,
  /**
   * LabelScope as the profile's own test certificates carry it: their extension's OID was cut down to its first two
   * arcs (06 01 69) by the library that made them. It is read, never written; nobody else can own the bare 2.25.
   */
  labelScopeOfVectors: '2.25',
  labelSigning: `${ARC}.2`,
  /** Signing of trust bundles: docs/decisions/0003. */
  bundleSigning: `${ARC}.3`,

  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  privateKeyUsagePeriod: '2.5.29.16',
  basicConstraints: '2.5.29.19',
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  cRLDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',

  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
} as const;
