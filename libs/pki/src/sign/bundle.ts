import type { CatalogueEntry } from '#label';
import { AppError } from '#contracts';
import { BUNDLE_DAYS, BUNDLE_TYPE, bundlePayload, type BundlePayload } from '../bundle-format.js';
import { openBundle } from '../node.js';
import { keyHashOf, type Certificate } from '../certificate.js';
import { packSerials } from '../voids.js';
import type { Authority } from './certificates.js';
import { afterwards, type Signature, type Signed } from './signer.js';

/** What goes into a trust bundle (section 8). Certificates and CRLs are DER. */
export interface BundleContent {
  readonly seq: number;
  readonly issuedAt: Date;
  /** 30 days after issuedAt when absent. */
  readonly nextUpdate?: Date;
  readonly roots: readonly Uint8Array[];
  /** Country CAs and label signers, the revoked ones too: a label of theirs is then KEY_REVOKED, not UNKNOWN_KEY. */
  readonly certificates: readonly Uint8Array[];
  /** One of every CA, the root included. */
  readonly crls: readonly Uint8Array[];
  readonly hosts: readonly string[];
  readonly voids: Iterable<{ readonly gtin: string; readonly serial: string }>;
  readonly recalls: Iterable<{ readonly gtin: string; readonly lot: string }>;
  readonly catalogue: Readonly<Record<string, CatalogueEntry>>;
}

const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * Signs a trust bundle: a compact JWS with `typ` ovop-trust+jwt and the signer's chain in x5c. It is opened once
 * with the root pinned before it is returned, so that no bundle leaves that verifiers would refuse.
 */
export function createBundle<S extends Signature>(
  content: BundleContent,
  bundleSigner: Authority<S>,
  root: Certificate,
): Signed<S, string> {
  const { certificate, signer } = bundleSigner;
  if (certificate.keyHash !== keyHashOf(signer.publicKey)) {
    throw new AppError('invalid', "the bundle's key does not belong to the bundle signer's certificate");
  }
  const header = { alg: 'ES256', typ: BUNDLE_TYPE, x5c: [base64(certificate.der), base64(root.der)] };
  const payload = bundlePayload.parse(payloadOf(content));
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  return afterwards(signer.sign(Buffer.from(input)), (signature) => {
    const jws = `${input}.${Buffer.from(signature).toString('base64url')}`;
    openBundle(jws, { pinnedKeys: new Set([root.keyHash]) });
    return jws;
  });
}

function payloadOf(content: BundleContent): BundlePayload {
  const { issuedAt } = content;
  const nextUpdate = content.nextUpdate ?? new Date(issuedAt.getTime() + BUNDLE_DAYS * 86_400_000);
  const serials = group(content.voids, ({ gtin, serial }) => [gtin, serial]);
  const lots = group(content.recalls, ({ gtin, lot }) => [gtin, lot]);
  return {
    seq: content.seq,
    issuedAt: issuedAt.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    roots: content.roots.map(base64),
    certificates: content.certificates.map(base64),
    crls: content.crls.map(base64),
    hosts: [...content.hosts],
    voids: Object.fromEntries([...serials].map(([gtin, found]) => [gtin, packSerials(found)])),
    recalls: Object.fromEntries([...lots].map(([gtin, found]) => [gtin, [...found].sort()])),
    catalogue: { ...content.catalogue },
  };
}

function group<T>(items: Iterable<T>, pair: (item: T) => readonly [string, string]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const item of items) {
    const [key, value] = pair(item);
    const found = groups.get(key) ?? new Set<string>();
    groups.set(key, found.add(value));
  }
  return groups;
}
