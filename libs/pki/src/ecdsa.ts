import { ECDSASigValue } from '@peculiar/asn1-ecc';
import type { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { AppError } from '#contracts';
import { malformed, readDer, serialText, writeDer } from './asn1.js';
import { bytesOf, hex } from './bytes.js';

/** Keys and signatures without the cryptography, which is the platform's: docs/decisions/0007. */

export type Curve = 'P-256' | 'P-384';
export type Hash = 'SHA-256' | 'SHA-384';

/** A certificate's key as it stands there. Only keys with a `curve` may confirm anything (section 6). */
export interface PublicKey {
  readonly spki: Uint8Array;
  readonly curve?: Curve;
}

/** A signature to be checked; it is r‖s. */
export interface SignatureCheck {
  readonly spki: Uint8Array;
  readonly curve: Curve;
  readonly hash: Hash;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Work that stops at every signature and goes on with the answer whether it holds. Who runs it has it checked, at
 * once (Node.js) or in a while (a browser); everything else is one and the same code.
 */
export type Checking<T> = Generator<SignatureCheck, T, boolean>;

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/** Curves by their parameters in DER (named curves only, RFC 5480 section 2.1.1), with the bytes of a coordinate. */
const CURVES: Readonly<Record<string, { readonly curve: Curve; readonly size: number }>> = {
  '06082a8648ce3d030107': { curve: 'P-256', size: 32 },
  '06052b81040022': { curve: 'P-384', size: 48 },
};

/** Reads a SubjectPublicKeyInfo. A key on an allowed curve must be an uncompressed point, which browsers ask for. */
export function readPublicKey(structure: SubjectPublicKeyInfo): PublicKey {
  const spki = writeDer(structure);
  const { algorithm, parameters } = structure.algorithm;
  const known = algorithm === EC_PUBLIC_KEY && parameters ? CURVES[hex(parameters)] : undefined;
  if (known === undefined) return { spki };
  const point = new Uint8Array(structure.subjectPublicKey);
  if (point[0] !== 4 || point.length !== 1 + 2 * known.size) throw malformed('a public key that is no whole point');
  return { spki, curve: known.curve };
}

/** r‖s of an Ecdsa-Sig-Value (RFC 3279 section 2.2.3), or undefined where it is none for that curve. */
export function rawSignature(der: Uint8Array, curve: Curve): Uint8Array | undefined {
  const digits = curve === 'P-256' ? 64 : 96;
  try {
    const { r, s } = readDer(der, ECDSASigValue);
    const [left, right] = [serialText(r).padStart(digits, '0'), serialText(s).padStart(digits, '0')];
    return left.length === digits && right.length === digits ? bytesOf(left + right) : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
