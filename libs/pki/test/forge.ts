import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { LabelScope } from '#label';
import { oids, parseCertificate, parseCrl, type Certificate, type Crl } from '#pki';
import { bitString, boolean, element, integer, octetString, oid, sequence, time, unsigned } from '../src/der-write.js';
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
  readonly extensions: readonly Uint8Array[];
}

function signed(tbs: Uint8Array, key: KeyObject, algorithm = sha256): Uint8Array {
  return sequence(tbs, sequence(oid(algorithm.oid)), bitString(sign(algorithm.hash, tbs, key)));
}

const nameOf = (name: string): Uint8Array => encodeName({ commonName: name, organisation: 'Test', country: 'KG' });

export function forge(recipe: Recipe): Forged {
  const key = recipe.key ?? newKey();
  const algorithm = recipe.algorithm ?? sha256;
  const tbs = sequence(
    ...(recipe.version === 1 ? [] : [element(0xa0, integer(2))]),
    unsigned(randomBytes(8)),
    sequence(oid(algorithm.oid)),
    recipe.issuer === undefined ? nameOf(recipe.name) : Buffer.from(recipe.issuer.certificate.subject, 'hex'),
    sequence(time(recipe.notBefore ?? START), time(recipe.notAfter ?? new Date('2040-01-01T00:00:00Z'))),
    nameOf(recipe.name),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    ...(recipe.version === 1 ? [] : [element(0xa3, sequence(...recipe.extensions))]),
  );
  const signingKey = recipe.signedBy ?? recipe.issuer?.key ?? key;
  return { key, certificate: parseCertificate(signed(tbs, signingKey, algorithm)) };
}

export const critical = (type: string): Uint8Array => sequence(oid(type), boolean(true), octetString(sequence()));

export const caExtensions = (pathLength: number, scope?: LabelScope): Uint8Array[] => [
  extension.basicConstraints({ ca: true, pathLength }),
  extension.keyUsage('keyCertSign', 'cRLSign'),
  ...(scope === undefined ? [] : [extension.labelScope(scope)]),
];

export const leafExtensions = (scope: LabelScope = LEAF_SCOPE): Uint8Array[] => [
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
  readonly revoked?: { readonly of: Certificate; readonly at: Date; readonly extensions?: readonly Uint8Array[] };
  readonly extensions?: readonly Uint8Array[];
}

export function forgeCrl(issuer: Forged, recipe: CrlRecipe = {}): Crl {
  const { revoked } = recipe;
  const number = 'number' in recipe ? recipe.number : 1n;
  const nextUpdate = 'nextUpdate' in recipe ? recipe.nextUpdate : new Date('2026-12-01T00:00:00Z');
  const extensions = [...(number === undefined ? [] : [extension.cRLNumber(number)]), ...(recipe.extensions ?? [])];
  const entry = (found: NonNullable<typeof revoked>): Uint8Array =>
    sequence(
      unsigned(Buffer.from(found.of.serialNumber.padStart(16, '0'), 'hex')),
      time(found.at),
      ...(found.extensions === undefined ? [] : [sequence(...found.extensions)]),
    );
  const tbs = sequence(
    integer(1),
    sequence(oid((recipe.algorithm ?? sha256).oid)),
    Buffer.from(issuer.certificate.subject, 'hex'),
    time(recipe.thisUpdate ?? new Date('2026-09-01T00:00:00Z')),
    ...(nextUpdate === undefined ? [] : [time(nextUpdate)]),
    ...(revoked === undefined ? [] : [sequence(entry(revoked))]),
    ...(extensions.length === 0 ? [] : [element(0xa0, sequence(...extensions))]),
  );
  return parseCrl(signed(tbs, recipe.signedBy ?? issuer.key, recipe.algorithm));
}
