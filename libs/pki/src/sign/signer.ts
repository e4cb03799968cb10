import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { AppError } from '#contracts';

/** What a signer gives: the signature at once when the key is in memory, later when a module holds it. */
export type Signature = Uint8Array | Promise<Uint8Array>;

/** A private P-256 key that signs but is never seen: one in memory ({@link fileSigner}), or one in a PKCS#11 token. */
export interface Signer<S extends Signature = Uint8Array> {
  readonly publicKey: KeyObject;
  /** ES256: ECDSA on P-256 over SHA-256 of the data, as 64 bytes r‖s. */
  sign(data: Uint8Array): S;
}

/** A signer of either kind. */
export type AnySigner = Signer<Signature>;

/** What is made of a signature: at once, or later, as the signature comes. */
export type Signed<S extends Signature, T> = S extends Promise<Uint8Array> ? Promise<T> : T;

/** Goes on with a signature; without a turn of the event loop when it is there already. */
export function afterwards<S extends Signature, T>(signature: S, use: (signature: Uint8Array) => T): Signed<S, T>;
export function afterwards<T>(signature: Signature, use: (signature: Uint8Array) => T): T | Promise<T> {
  return 'then' in signature ? signature.then(use) : use(signature);
}

/** Signs with a key in memory. The KeyObject is kept: a PEM passed on each call would be fifteen times slower. */
export function fileSigner(privateKey: KeyObject): Signer {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new AppError('invalid', 'a signer needs a private key on the curve P-256');
  }
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return { publicKey: createPublicKey(privateKey), sign: (data) => sign('sha256', data, key) };
}
