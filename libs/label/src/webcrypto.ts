/** The signature check of a browser: SubtleCrypto, the second implementation beside node:crypto (decision 7). */

type Key = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

/** Reads a SubjectPublicKeyInfo. Rejects with a DataError when it is no key on that curve. */
export function importVerificationKey(spki: Uint8Array, namedCurve: 'P-256' | 'P-384' = 'P-256'): Promise<Key> {
  const algorithm = { name: 'ECDSA', namedCurve };
  return globalThis.crypto.subtle.importKey('spki', new Uint8Array(spki), algorithm, false, ['verify']);
}

/** Checks signatures r‖s; unless told otherwise ES256, as a TrustedCertificate's `verify` does (section 2). */
export function webCryptoVerifier(
  key: Key,
  hash: 'SHA-256' | 'SHA-384' = 'SHA-256',
): (input: Uint8Array, signature: Uint8Array) => Promise<boolean> {
  const algorithm = { name: 'ECDSA', hash };
  return (input, signature) =>
    globalThis.crypto.subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(input));
}
