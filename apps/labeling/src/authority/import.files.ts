import { X509Certificate, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, countries, type Country } from '#contracts';
import { bundleSigning, createPathValidator, keyHashOf, parseCertificate, parseCrl } from '#pki';
import type { Certificate, Crl } from '#pki';
import { assertLinted, unlockKey } from '#pki/sign';

/** The folder `service` of a key ceremony, as `ovop pki init` writes it. */

export interface Imported {
  readonly slot: string;
  readonly profile: 'country-ca' | 'bundle-signer';
  readonly country: Country | null;
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  readonly crl: Crl | null;
}

export interface ImportedAuthority {
  readonly root: Certificate;
  readonly rootCrl: Crl;
  readonly members: readonly Imported[];
}

/** The root and its CRL, which must be signed by it. */
export async function readRoot(directory: string): Promise<{ root: Certificate; rootCrl: Crl }> {
  const root = parseCertificate(await read(directory, 'root.der'));
  const rootCrl = parseCrl(await read(directory, 'root.crl'));
  const numbers = createPathValidator({ roots: [root], certificates: [], crls: [rootCrl] }).crlNumbers();
  if (!numbers.has(root.keyHash)) throw new AppError('invalid', 'root.crl is not signed by the key of root.der');
  return { root, rootCrl };
}

/**
 * Reads everything and checks that it belongs together.
 * @throws {AppError} `invalid` naming the file and what is wrong with it
 */
export async function readAuthority(directory: string, passphrase: string, now: Date): Promise<ImportedAuthority> {
  const { root, rootCrl } = await readRoot(directory);
  assertLinted(root.tbs, 'root');
  assertSigned(root, root);
  const members: Imported[] = [];
  for (const country of countries) {
    const found = await readMember(directory, `${country.toLowerCase()}-ca`, country, root, passphrase);
    if (found !== null) members.push(found);
  }
  const signer = await readMember(directory, 'bundle-signer', null, root, passphrase);
  if (signer === null) throw new AppError('invalid', 'bundle-signer.der is missing');
  if (members.length === 0) throw new AppError('invalid', 'there is no CA of any country');
  const crls = [rootCrl, ...members.flatMap(({ crl }) => (crl === null ? [] : [crl]))];
  const certificates = [...members, signer].map(({ certificate }) => certificate);
  const paths = createPathValidator({ roots: [root], certificates, crls }, bundleSigning);
  const judgement = paths.judge(signer.certificate, now, now);
  if (!judgement.ok) throw new AppError('invalid', `bundle-signer.der does not lead to the root: ${judgement.reason}`);
  const numbers = paths.crlNumbers();
  for (const { certificate, slot } of members) {
    if (!numbers.has(certificate.keyHash)) throw new AppError('invalid', `the CRL of ${slot} is not signed by its key`);
    if (rootCrl.revoked.has(certificate.serialNumber)) throw new AppError('invalid', `the CA ${slot} is revoked`);
    if (certificate.notBefore > now || certificate.notAfter <= now)
      throw new AppError('invalid', `the CA ${slot} is not valid now`);
  }
  return { root, rootCrl, members: [...members, signer] };
}

async function readMember(
  directory: string,
  name: string,
  country: Country | null,
  root: Certificate,
  passphrase: string,
): Promise<Imported | null> {
  const der = await read(directory, `${name}.der`).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  });
  if (der === null) return null;
  const certificate = parseCertificate(der);
  const profile = country === null ? 'bundle-signer' : 'country-ca';
  const slot = country === null ? 'bundle-signer:1' : `country-ca:${country}`;
  assertLinted(certificate.tbs, profile, root);
  assertSigned(certificate, root);
  const file = await read(directory, `${name}-key.json`);
  const privateKey = await unlockKey(file.toString('utf8'), passphrase, slot);
  if (keyHashOf(createPublicKey(privateKey)) !== certificate.keyHash)
    throw new AppError('invalid', `${name}-key.json is not the key of ${name}.der`);
  const crl = country === null ? null : parseCrl(await read(directory, `${name}.crl`));
  return { slot, profile, country, certificate, privateKey, crl };
}

function assertSigned({ der, subjectText }: Certificate, issuer: Certificate): void {
  if (!new X509Certificate(der).verify(new X509Certificate(issuer.der).publicKey))
    throw new AppError('invalid', `the certificate "${subjectText}" is not signed by the root`);
}

async function read(directory: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(directory, name));
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw new AppError(missing ? 'not-found' : 'invalid', `${name} can not be read`, [], error);
  }
}
