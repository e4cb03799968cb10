import { generateKeyPairSync } from 'node:crypto';
import type { LabelScope } from '#label';
import type { Certificate, Crl } from '#pki';
import {
  createBundleSigner,
  createCountryCa,
  createCrl,
  createLabelSigner,
  createRoot,
  fileSigner,
  type Authority,
  type Signer,
} from '#pki/sign';

/** A whole PKI of our own for tests: root, one country, one producer, CRLs. */

export const START = new Date('2026-01-01T00:00:00Z');
export const NOW = new Date('2026-09-20T00:00:00Z');
export const SCOPE: LabelScope = { country: '417', gtinPrefixes: ['9521230', '9521234'], hosts: ['q.example.org'] };
export const LEAF_SCOPE: LabelScope = { ...SCOPE, gtinPrefixes: ['95212345'], producerId: 'P-000042' };

export function newSigner(): Signer {
  return fileSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

export interface TestPki {
  readonly root: Authority;
  readonly country: Authority;
  readonly leaf: Authority;
  readonly bundle: Authority;
  readonly crls: readonly Crl[];
}

export function buildPki(): TestPki {
  const [rootSigner, countrySigner, leafSigner, bundleSigner] = [newSigner(), newSigner(), newSigner(), newSigner()];
  const root: Authority = {
    signer: rootSigner,
    certificate: createRoot({
      subject: { commonName: 'Test root', organisation: 'Test', country: 'KG' },
      notBefore: START,
      signer: rootSigner,
    }),
  };
  const country: Authority = {
    signer: countrySigner,
    certificate: createCountryCa(root, {
      subject: { commonName: 'Test KG CA', organisation: 'Test', country: 'KG' },
      notBefore: START,
      publicKey: countrySigner.publicKey,
      crlUrl: 'http://pki.example.org/root.crl',
      scope: SCOPE,
    }),
  };
  const leaf = labelSigner(country, leafSigner);
  const bundle: Authority = {
    signer: bundleSigner,
    certificate: createBundleSigner(root, {
      subject: { commonName: 'Test bundle signer', organisation: 'Test', country: 'KG' },
      notBefore: START,
      publicKey: bundleSigner.publicKey,
      crlUrl: 'http://pki.example.org/root.crl',
    }),
  };
  return { root, country, leaf, bundle, crls: [crlOf(root), crlOf(country)] };
}

export function labelSigner(country: Authority, signer: Signer, scope: LabelScope = LEAF_SCOPE): Authority {
  const certificate: Certificate = createLabelSigner(country, {
    subject: {
      commonName: 'Test signer 1',
      organisationalUnit: 'P-000042',
      organisation: 'Кызыл-Тоо кийиз кооперативи',
      locality: 'Кочкор',
      country: 'KG',
    },
    notBefore: new Date('2026-07-01T00:00:00Z'),
    signingUntil: new Date('2027-01-01T00:00:00Z'),
    publicKey: signer.publicKey,
    crlUrl: 'http://pki.example.org/kg.crl',
    scope,
  });
  return { certificate, signer };
}

export function crlOf(
  authority: Authority,
  revocations: Parameters<typeof createCrl>[1]['revocations'] = [],
  number = 1n,
): Crl {
  return createCrl(authority, { number, thisUpdate: new Date('2026-09-15T00:00:00Z'), revocations });
}
