/** The signature check of a browser: SubtleCrypto, the second implementation beside node:crypto. */

type Key = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** Reads the SubjectPublicKeyInfo of a P-256 certificate. Rejects when it is no P-256 key. */
export function importVerificationKey(spki: Uint8Array<ArrayBuffer>): Promise<Key> {
  return globalThis.crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
}

/** A `verify` for a TrustedCertificate: ES256 over the signing input, r‖s (section 2). */
export function webCryptoVerifier(key: Key): (input: Uint8Array, signature: Uint8Array) => Promise<boolean> {
  return (input, signature) =>
    globalThis.crypto.subtle.verify(ES256, key, new Uint8Array(signature), new Uint8Array(input));
}
