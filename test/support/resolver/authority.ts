import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { buildLabelUri, iatOf, newSerial, type LabelFields, type LabelScope } from '#label';
import type { Certificate } from '#pki';
import {
  createBundle,
  createBundleSigner,
  createCountryCa,
  createCrl,
  createLabelSigner,
  createRoot,
  fileSigner,
  prepareLabelRun,
  signLabel,
  type Authority,
  type BundleContent,
  type Revocation,
} from '#pki/sign';

const day = 86_400_000;
const crlUrl = 'https://ovop.example/crl/kg.crl';

export interface TestAuthority {
  root: Certificate;
  signer: Authority;
  /** A signer that the bundle does not list. */
  stranger: Authority;
  bundle(seq: number, issuedAt: Date, change?: Partial<BundleContent>): string;
  /** The address of a signed label. */
  label(fields: LabelFields, issuedOn: Date, by?: Authority): string;
}

const key = () => fileSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
export const anySerial = (): string => newSerial(randomBytes(7));

/** A root, a Kyrgyz CA and a label signer for `host` and GTINs that begin with `prefix`, made two days before `now`. */
export function testAuthority(
  now: Date,
  host: string,
  prefix: string,
  revoke: (signer: Certificate) => Revocation[] = () => [],
): TestAuthority {
  const notBefore = new Date(now.getTime() - 2 * day);
  const root = authority((signer) => createRoot({ subject: name('OVOP demo root'), notBefore, signer }));
  const scope: LabelScope = { country: '417', gtinPrefixes: [prefix], hosts: [host] };
  const under = { notBefore, crlUrl };
  const ca = authority(({ publicKey }) =>
    createCountryCa(root, { ...under, subject: name('OVOP demo KG'), publicKey, scope }),
  );
  const bundleSigner = authority(({ publicKey }) =>
    createBundleSigner(root, { ...under, subject: name('OVOP demo bundle'), publicKey }),
  );
  const signingUntil = new Date(notBefore.getTime() + 200 * day);
  const labelSigner = (): Authority =>
    authority(({ publicKey }) =>
      createLabelSigner(ca, {
        ...{ ...under, publicKey, scope, signingUntil },
        subject: { ...name('Labels (demo)'), organisationalUnit: 'P01', locality: 'Tamchy' },
      }),
    );
  const signer = labelSigner();
  const crls = [
    createCrl(root, {
      number: 1n,
      thisUpdate: notBefore,
      nextUpdate: new Date(now.getTime() + 400 * day),
      revocations: [],
    }),
    createCrl(ca, {
      number: 1n,
      thisUpdate: notBefore,
      nextUpdate: new Date(now.getTime() + 400 * day),
      revocations: revoke(signer.certificate),
    }),
  ];
  return {
    root: root.certificate,
    signer,
    stranger: labelSigner(),
    bundle: (seq, issuedAt, change = {}) =>
      createBundle(
        {
          ...{ seq, issuedAt, hosts: [host], voids: [], recalls: [], catalogue: {} },
          roots: [root.certificate.der],
          certificates: [ca.certificate.der, signer.certificate.der],
          crls: crls.map(({ der }) => der),
          ...change,
        },
        bundleSigner,
        root.certificate,
      ),
    label: (fields, issuedOn, by = signer) => {
      const { serial, ...template } = fields;
      const base = fields.host === 'localhost' ? 'http://localhost' : undefined;
      const run = prepareLabelRun(template, { kid: by.certificate.kid, iat: iatOf(issuedOn) }, base);
      return signLabel(run.prepare(serial), by.signer).uri;
    },
  };
}

/** The address of a compact label. */
export const compactLabel = (host: string, gtin: string, serial: string): string =>
  buildLabelUri({ host, gtin, serial, attributes: {} });

function authority(certify: (signer: Authority['signer']) => Certificate): Authority {
  const signer = key();
  return { signer, certificate: certify(signer) };
}

function name(commonName: string) {
  return { commonName, organisation: 'OVOP demo', country: 'KG' };
}
