import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate as CertificateStructure,
  Extension,
  Extensions,
  Name,
  RevokedCertificate,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { LabelScope } from '#label';
import { oids, parseCertificate, parseCrl, type Certificate, type Crl } from '#pki';
import { readDer, unsigned, writeDer } from '../src/asn1.js';
import { CrlBody, CrlStructure } from '../src/crl.js';
import { encodeName } from '../src/name.js';
import * as extension from '../src/sign/extensions.js';
import { LEAF_SCOPE, SCOPE, START } from './authority.js';

/** Certificates and CRLs that our own signing half would refuse to make. */

export interface Forged {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

export const sha256: { readonly oid: string; readonly hash: string } = { oid: oids.ecdsaWithSha256, hash: 'sha256' };
export const sha1 = { oid: '1.2.840.10045.4.1', hash: 'sha1' };
export const rsaSha256 = { oid: '1.2.840.113549.1.1.11', hash: 'sha256' };

export const newKey = (curve = 'P-256'): KeyObject => generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
export const rsaKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

export interface Recipe {
  readonly name: string;
  readonly issuer?: Forged;
  readonly key?: KeyObject;
  /** Signs with this key instead of the issuer's. */
  readonly signedBy?: KeyObject;
  readonly algorithm?: { readonly oid: string; readonly hash: string };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly version?: number;
  readonly extensions: readonly Extension[];
}

const signature = (tbs: Uint8Array, key: KeyObject, { hash } = sha256): ArrayBuffer =>
  Uint8Array.from(sign(hash, tbs, key)).buffer;
const identifier = ({ oid } = sha256): AlgorithmIdentifier => new AlgorithmIdentifier({ algorithm: oid });
const nameOf = (name: string): Uint8Array => encodeName({ commonName: name, organisation: 'Test', country: 'KG' });
const subjectOf = ({ certificate }: Forged): Uint8Array => Buffer.from(certificate.subject, 'hex');

export function forge(recipe: Recipe): Forged {
  const key = recipe.key ?? newKey();
  const signatureAlgorithm = identifier(recipe.algorithm);
  const tbsCertificate = new TBSCertificate({
    serialNumber: unsigned(randomBytes(8).toString('hex')),
    signature: signatureAlgorithm,
    issuer: readDer(recipe.issuer === undefined ? nameOf(recipe.name) : subjectOf(recipe.issuer), Name),
    validity: new Validity({
      notBefore: recipe.notBefore ?? START,
      notAfter: recipe.notAfter ?? new Date('2040-01-01T00:00:00Z'),
    }),
    subject: readDer(nameOf(recipe.name), Name),
    subjectPublicKeyInfo: extension.keyInfo(createPublicKey(key)),
    ...(recipe.version === 1 ? {} : { version: Version.v3, extensions: new Extensions([...recipe.extensions]) }),
  });
  const signatureValue = signature(
    writeDer(tbsCertificate),
    recipe.signedBy ?? recipe.issuer?.key ?? key,
    recipe.algorithm,
  );
  const structure = new CertificateStructure({ tbsCertificate, signatureAlgorithm, signatureValue });
  return { key, certificate: parseCertificate(writeDer(structure)) };
}

export const critical = (extnID: string): Extension =>
  new Extension({ extnID, critical: true, extnValue: new OctetString([0x30, 0]) });

export const caExtensions = (pathLength: number, scope?: LabelScope): Extension[] => [
  extension.basicConstraints({ ca: true, pathLength }),
  extension.keyUsage('keyCertSign', 'cRLSign'),
  ...(scope === undefined ? [] : [extension.labelScope(scope)]),
];

export const leafExtensions = (scope: LabelScope = LEAF_SCOPE): Extension[] => [
  extension.basicConstraints({ ca: false }),
  extension.keyUsage('digitalSignature'),
  extension.extendedKeyUsage(oids.labelSigning),
  extension.labelScope(scope),
];

/** Root, country CA and leaf; any of the three recipes may be changed. */
export function forgeChain(
  change: { readonly root?: Partial<Recipe>; readonly ca?: Partial<Recipe>; readonly leaf?: Partial<Recipe> } = {},
): { root: Forged; ca: Forged; leaf: Forged } {
  const root = forge({ name: 'Root', extensions: caExtensions(1), ...change.root });
  const ca = forge({ name: 'CA', issuer: root, extensions: caExtensions(0, SCOPE), ...change.ca });
  const leaf = forge({ name: 'Leaf', issuer: ca, extensions: leafExtensions(), ...change.leaf });
  return { root, ca, leaf };
}

export interface CrlRecipe {
  readonly number?: bigint | undefined;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | undefined;
  readonly signedBy?: KeyObject;
  readonly algorithm?: { readonly oid: string; readonly hash: string };
  readonly revoked?: { readonly of: Certificate; readonly at: Date; readonly extensions?: readonly Extension[] };
  readonly extensions?: readonly Extension[];
}

export function forgeCrl(issuer: Forged, recipe: CrlRecipe = {}): Crl {
  const { revoked } = recipe;
  const number = 'number' in recipe ? recipe.number : 1n;
  const nextUpdate = 'nextUpdate' in recipe ? recipe.nextUpdate : new Date('2026-12-01T00:00:00Z');
  const extensions = [...(number === undefined ? [] : [extension.cRLNumber(number)]), ...(recipe.extensions ?? [])];
  const end = nextUpdate && new Time(nextUpdate);
  const entry = (found: NonNullable<typeof revoked>): RevokedCertificate =>
    new RevokedCertificate({
      userCertificate: unsigned(found.of.serialNumber),
      revocationDate: new Time(found.at),
      ...(found.extensions === undefined ? {} : { crlEntryExtensions: [...found.extensions] }),
    });
  const body = Object.assign(new CrlBody(), {
    version: 1,
    signature: identifier(recipe.algorithm),
    issuer: readDer(subjectOf(issuer), Name),
    thisUpdate: new Time(recipe.thisUpdate ?? new Date('2026-09-01T00:00:00Z')),
    utcNextUpdate: end?.utcTime,
    generalNextUpdate: end?.generalTime,
    revoked: revoked && [entry(revoked)],
    extensions: extensions.length === 0 ? undefined : extensions,
  });
  const structure = Object.assign(new CrlStructure(), {
    body,
    signatureAlgorithm: body.signature,
    signature: signature(writeDer(body), recipe.signedBy ?? issuer.key, recipe.algorithm),
  });
  return parseCrl(writeDer(structure));
}
