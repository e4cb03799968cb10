import { verify } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '#contracts';
import type { BundleInfo } from '#label';
import { bundleHeader, bundlePayload, type BundlePayload } from './bundle-format.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { parseCrl } from './crl.js';
import { createPathValidator } from './path.js';
import { bundleSigning } from './path-rules.js';
import type { TrustData } from './trust-store.js';
import { unpackSerials } from './voids.js';

export interface OpenBundleOptions {
  /**
   * Key hashes of the roots that are trusted. `first-use`: the bundle's own, for a first import that a person
   * confirms; whoever does that must keep the hashes and pass them from then on.
   */
  readonly pinnedKeys: ReadonlySet<string> | 'first-use';
  /** The highest seq seen so far; a lower one is refused (section 8). */
  readonly lastSeq?: number;
  readonly minimumCrlNumbers?: ReadonlyMap<string, bigint>;
}

/** A bundle whose signature and signer hold: ready for createTrustStore. */
export interface OpenBundle extends TrustData {
  readonly bundle: BundleInfo;
  readonly roots: readonly Certificate[];
  readonly pinnedKeys: ReadonlySet<string>;
  readonly signer: Certificate;
}

/** Opens a trust bundle (section 8) or says clearly why it can not be used. */
export function openBundle(jws: string, options: OpenBundleOptions): OpenBundle {
  const parts = jws.trim().split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3) throw damaged('it is not a JWS of three parts');
  const header = readJson(head, bundleHeader, 'header');
  const chain = header.x5c.map((der) => parseCertificate(Buffer.from(der, 'base64')));
  const [signer] = chain;
  if (signer === undefined || !hasSignature(signer, `${head}.${body}`, signature)) {
    throw damaged('its signature does not match its content');
  }
  const payload = readJson(body, bundlePayload, 'content');
  if (payload.nextUpdate <= payload.issuedAt) throw damaged('it ends before it begins');
  const data = readPayload(payload, options);
  assertSigner(signer, chain, data);
  if (options.lastSeq !== undefined && payload.seq < options.lastSeq) {
    throw new AppError('conflict', `the trust bundle ${payload.seq} is older than ${options.lastSeq}, already seen`);
  }
  return { ...data, signer };
}

function damaged(why: string): AppError {
  return new AppError('invalid', `the trust bundle is damaged, cut short or no trust bundle: ${why}`);
}

function readJson<T>(part: string, schema: z.ZodType<T>, name: string): T {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw damaged(`its ${name} is not base64url`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new AppError('invalid', damaged(`its ${name} is not JSON`).message, [], error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`its ${name} is wrong at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`);
}

function hasSignature(signer: Certificate, input: string, signature: string): boolean {
  const { publicKey } = signer;
  const bytes = Buffer.from(signature, 'base64url');
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
  if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return false;
  return verify('sha256', Buffer.from(input), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes);
}

function readPayload(payload: BundlePayload, options: OpenBundleOptions): Omit<OpenBundle, 'signer'> {
  const decode = (der: string): Uint8Array => Buffer.from(der, 'base64');
  const roots = payload.roots.map((der) => parseCertificate(decode(der)));
  const { pinnedKeys, minimumCrlNumbers } = options;
  return {
    bundle: {
      seq: payload.seq,
      issuedAt: new Date(payload.issuedAt),
      nextUpdate: new Date(payload.nextUpdate),
    },
    roots,
    certificates: payload.certificates.map((der) => parseCertificate(decode(der))),
    crls: payload.crls.map((der) => parseCrl(decode(der))),
    hosts: payload.hosts,
    voids: new Map(Object.entries(payload.voids).map(([gtin, packed]) => [gtin, unpackSerials(packed)])),
    recalls: new Map(Object.entries(payload.recalls).map(([gtin, lots]) => [gtin, new Set(lots)])),
    catalogue: new Map(Object.entries(payload.catalogue)),
    pinnedKeys: pinnedKeys === 'first-use' ? new Set(roots.map(({ keyHash }) => keyHash)) : pinnedKeys,
    ...(minimumCrlNumbers === undefined ? {} : { minimumCrlNumbers }),
  };
}

/**
 * The signer must lead to a pinned root, be made for bundles and not be revoked: section 6 with its own purpose. It
 * is judged at the bundle's issue: how old a bundle may be is for its age to say, not for its signer's last day.
 */
function assertSigner(signer: Certificate, chain: readonly Certificate[], data: Omit<OpenBundle, 'signer'>): void {
  const roots = [...chain.slice(1), ...data.roots].filter(({ keyHash }) => data.pinnedKeys.has(keyHash));
  const top = chain.at(-1);
  if (top === undefined || !data.pinnedKeys.has(top.keyHash)) {
    throw new AppError(
      'forbidden',
      'the trust bundle does not end at a pinned root; it is not from an issuer you trust',
    );
  }
  const { issuedAt } = data.bundle;
  const paths = createPathValidator({ ...data, roots, certificates: chain.slice(1) }, bundleSigning);
  const judgement = paths.judge(signer, issuedAt, issuedAt);
  if (!judgement.ok) {
    throw new AppError('forbidden', `the trust bundle's signer can not be confirmed: ${judgement.reason}`);
  }
}
