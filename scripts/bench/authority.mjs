import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { TrustBundlePublished } from '#contracts';
import { iatOf, newSerial } from '#label';
import {
  createBundle,
  createBundleSigner,
  createCountryCa,
  createCrl,
  createLabelSigner,
  createRoot,
  fileSigner,
  prepareLabelRun,
} from '../../dist/libs/pki/src/sign/index.js';
import { gtin, gtinPrefix, host, lot, message } from './story.mjs';

const day = 86_400_000;
const crlUrl = `https://${host}/crl/kg.crl`;
const named = (commonName) => ({ commonName, organisation: 'OVOP benchmark', country: 'KG' });

export const anySerial = () => newSerial(randomBytes(7));

/** A P-256 key pair as the signer of the product sees it, and bare, for the limit beside it. */
function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey, signer: fileSigner(privateKey) };
}

/**
 * A root, a country's CA and a label signer, with a trust bundle as an installation of some age has it:
 * 1,000 void labels and 100 recalled lots.
 */
export function makeAuthority() {
  const now = new Date();
  const notBefore = new Date(now.getTime() - 2 * day);
  const scope = { country: '417', gtinPrefixes: [gtinPrefix], hosts: [host] };
  const keys = { root: keyPair(), ca: keyPair(), bundle: keyPair(), labels: keyPair() };
  const root = {
    signer: keys.root.signer,
    certificate: createRoot({ subject: named('Benchmark root'), notBefore, signer: keys.root.signer }),
  };
  const under = (pair) => ({ notBefore, crlUrl, publicKey: pair.publicKey });
  const ca = {
    signer: keys.ca.signer,
    certificate: createCountryCa(root, { ...under(keys.ca), subject: named('Benchmark KG'), scope }),
  };
  const bundleSigner = {
    signer: keys.bundle.signer,
    certificate: createBundleSigner(root, { ...under(keys.bundle), subject: named('Benchmark bundle') }),
  };
  const certificate = createLabelSigner(ca, {
    ...{ ...under(keys.labels), scope, signingUntil: new Date(notBefore.getTime() + 200 * day) },
    subject: { ...named('Labels'), organisationalUnit: 'P01', locality: 'Tamchy' },
  });
  const crl = (issuer) =>
    createCrl(issuer, {
      ...{ number: 1n, thisUpdate: notBefore, nextUpdate: new Date(now.getTime() + 90 * day), revocations: [] },
    }).der;
  const content = {
    ...{ seq: 1, issuedAt: now, hosts: [host] },
    roots: [root.certificate.der],
    certificates: [ca.certificate.der, certificate.der],
    crls: [crl(root), crl(ca)],
    voids: Array.from({ length: 1000 }, () => ({ gtin, serial: anySerial() })),
    recalls: Array.from({ length: 100 }, (_, number) => ({ gtin, lot: `OLD-${number}` })),
    catalogue: { [gtin]: { product: 'Shyrdak felt carpet', producer: 'Tamchy Kiyiz Ustakanasy (demo)' } },
  };
  const bundle = createBundle(content, bundleSigner, root.certificate);
  return { ...keys.labels, kid: certificate.kid, rootKeyHash: root.certificate.keyHash, bundle };
}

/** A run of labels under this authority, ready to be signed. */
export function openRun({ kid }) {
  const attributes = { 13: '261117', 422: '417' };
  return prepareLabelRun({ host, gtin, lot, attributes }, { kid, iat: iatOf(new Date()) });
}

/** The event that brings a bundle to the resolver. */
export function bundlePublished({ bundle }) {
  const now = new Date();
  const times = { issuedAt: now.toISOString(), nextUpdate: new Date(now.getTime() + 30 * day).toISOString() };
  return message(TrustBundlePublished, 'trust-bundle', { seq: 1, ...times, part: 0, parts: 1, content: bundle });
}
