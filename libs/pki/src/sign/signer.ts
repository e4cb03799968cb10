import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { AppError } from '#contracts';

/** A private P-256 key that signs but is never seen: a key file here, a PKCS#11 token elsewhere. */
export interface Signer {
  readonly publicKey: KeyObject;
  /** ES256: ECDSA on P-256 over SHA-256 of the data, as 64 bytes r‖s. */
  sign(data: Uint8Array): Uint8Array;
}

/** Signs with a key in memory. The KeyObject is kept: a PEM passed on each call would be fifteen times slower. */
export function fileSigner(privateKey: KeyObject): Signer {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new AppError('invalid', 'a signer needs a private key on the curve P-256');
  }
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return { publicKey: createPublicKey(privateKey), sign: (data) => sign('sha256', data, key) };
}
