import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { countryNumeric, type Country } from '#contracts';
import type { Certificate, Crl, DistinguishedName } from '#pki';
import { createBundleSigner, createCountryCa, createCrl, createRoot, fileSigner, type Authority } from '#pki/sign';

/** What an authority is to be. */
export interface CeremonyRequest {
  readonly organisation: string;
  readonly countries: readonly Country[];
  readonly hosts: readonly [string, ...string[]];
  readonly gtinPrefix: string;
  /** Every subject says that it is a demonstration. */
  readonly demo: boolean;
  readonly now: Date;
}

/** A certificate with its key, and the CRL where it is a CA's. */
export interface Member {
  /** Of its files: `root`, `kg-ca`, `bundle-signer`. */
  readonly name: string;
  /** What the labeling service calls it, and what its key file is bound to. */
  readonly slot: string;
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  readonly crl?: Crl;
}

export interface NewAuthority {
  readonly root: Member & { readonly crl: Crl };
  /** Country CAs and the signer of trust bundles. */
  readonly service: readonly Member[];
}

const day = 86_400_000;
/** The root is fetched from its safe once a year; its CRL has to last longer than that. */
export const rootCrlDays = 400;
/** Where the programme's secretariat sits: the country in the names of the root and of the bundle signer. */
const seat: Country = 'KG';

/** Makes the keys, certificates and CRLs of a new authority, label profile section 5; nothing is stored. */
export function makeAuthority(request: CeremonyRequest): NewAuthority {
  const { now, countries, hosts, gtinPrefix } = request;
  const notBefore = new Date(Math.floor(now.getTime() / day) * day);
  const thisUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const rootKey = newKey();
  const rootSigner = fileSigner(rootKey);
  const root: Authority = {
    signer: rootSigner,
    certificate: createRoot({ subject: subjectOf(request, 'Root CA', seat), notBefore, signer: rootSigner }),
  };
  const nextUpdate = new Date(thisUpdate.getTime() + rootCrlDays * day);
  const crlUrl = `https://${hosts[0]}/api/labeling/crl/root.crl`;
  const cas = countries.map((country): Member => {
    const privateKey = newKey();
    const signer = fileSigner(privateKey);
    const certificate = createCountryCa(root, {
      ...{ subject: subjectOf(request, `${country} CA`, country), notBefore, publicKey: signer.publicKey, crlUrl },
      scope: { country: countryNumeric[country], gtinPrefixes: [gtinPrefix], hosts: [...hosts] },
    });
    const crl = createCrl({ certificate, signer }, { number: 1n, thisUpdate, revocations: [] });
    return { name: `${country.toLowerCase()}-ca`, slot: `country-ca:${country}`, certificate, privateKey, crl };
  });
  const bundleKey = newKey();
  const bundleSigner = createBundleSigner(root, {
    ...{ subject: subjectOf(request, 'Trust Bundle Signer', seat), notBefore, crlUrl },
    publicKey: fileSigner(bundleKey).publicKey,
  });
  return {
    root: {
      ...{ name: 'root', slot: 'root', certificate: root.certificate, privateKey: rootKey },
      crl: createCrl(root, { number: 1n, thisUpdate, nextUpdate, revocations: [] }),
    },
    service: [
      ...cas,
      { name: 'bundle-signer', slot: 'bundle-signer:1', certificate: bundleSigner, privateKey: bundleKey },
    ],
  };
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

function subjectOf({ organisation, demo }: CeremonyRequest, role: string, country: Country): DistinguishedName {
  const remark = demo ? ' (demo, not for trade)' : '';
  return { commonName: `${organisation} ${role}${remark}`, organisation: `${organisation}${remark}`, country };
}
