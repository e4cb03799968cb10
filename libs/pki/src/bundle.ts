import type * as z from 'zod/mini';
import { AppError } from '#contracts';
import type { BundleInfo } from '#label';
import { bundleHeader, bundlePayload, type BundlePayload } from './bundle-format.js';
import { decodeBase64, decodeBase64url } from './bytes.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { parseCrl } from './crl.js';
import type { Checking } from './ecdsa.js';
import { createPaths } from './path.js';
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
export function* checkBundle(jws: string, options: OpenBundleOptions): Checking<OpenBundle> {
  const parts = jws.trim().split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3) throw damaged('it is not a JWS of three parts');
  const header = readJson(head, bundleHeader, 'header');
  const chain = header.x5c.map((der) => parseCertificate(decodeBase64(der)));
  const [signer] = chain;
  if (signer === undefined || !(yield* hasSignature(signer, `${head}.${body}`, signature))) {
    throw damaged('its signature does not match its content');
  }
  const payload = readJson(body, bundlePayload, 'content');
  if (payload.nextUpdate <= payload.issuedAt) throw damaged('it ends before it begins');
  const data = readPayload(payload, options);
  yield* assertSigner(signer, chain, data);
  if (options.lastSeq !== undefined && payload.seq < options.lastSeq) {
    throw new AppError('conflict', `the trust bundle ${payload.seq} is older than ${options.lastSeq}, already seen`);
  }
  return { ...data, signer };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function damaged(why: string): AppError {
  return new AppError('invalid', `the trust bundle is damaged, cut short or no trust bundle: ${why}`);
}

function readJson<T>(part: string, schema: z.ZodMiniType<T>, name: string): T {
  const bytes = decodeBase64url(part);
  if (bytes === undefined) throw damaged(`its ${name} is not base64url`);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new AppError('invalid', damaged(`its ${name} is not JSON`).message, [], error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`its ${name} is wrong at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`);
}

function* hasSignature(signer: Certificate, input: string, signature: string): Checking<boolean> {
  const { spki, curve } = signer.publicKey;
  const bytes = decodeBase64url(signature);
  if (curve !== 'P-256' || bytes?.length !== 64) return false;
  const data = new TextEncoder().encode(input);
  return yield { spki, curve, hash: 'SHA-256', data, signature: bytes };
}

function readPayload(payload: BundlePayload, options: OpenBundleOptions): Omit<OpenBundle, 'signer'> {
  const roots = payload.roots.map((der) => parseCertificate(decodeBase64(der)));
  const { pinnedKeys, minimumCrlNumbers } = options;
  return {
    bundle: {
      seq: payload.seq,
      issuedAt: new Date(payload.issuedAt),
      nextUpdate: new Date(payload.nextUpdate),
    },
    roots,
    certificates: payload.certificates.map((der) => parseCertificate(decodeBase64(der))),
    crls: payload.crls.map((der) => parseCrl(decodeBase64(der))),
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
function* assertSigner(
  signer: Certificate,
  chain: readonly Certificate[],
  data: Omit<OpenBundle, 'signer'>,
): Checking<void> {
  const roots = [...chain.slice(1), ...data.roots].filter(({ keyHash }) => data.pinnedKeys.has(keyHash));
  const top = chain.at(-1);
  if (top === undefined || !data.pinnedKeys.has(top.keyHash)) {
    throw new AppError(
      'forbidden',
      'the trust bundle does not end at a pinned root; it is not from an issuer you trust',
    );
  }
  const { issuedAt } = data.bundle;
  const paths = createPaths({ ...data, roots, certificates: chain.slice(1) }, bundleSigning);
  const judgement = yield* paths.judge(signer, issuedAt, issuedAt);
  if (!judgement.ok) {
    throw new AppError('forbidden', `the trust bundle's signer can not be confirmed: ${judgement.reason}`);
  }
}
