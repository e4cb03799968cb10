import { decodeTriples, encodeTriples } from './base64url.js';

/** The parameter `s`: label profile, section 2. */

export const PROFILE_VERSION = 1;
export const SIGNATURE_CHARACTERS = 100;
const BLOB_BYTES = 75;
const DAY = 86_400_000;
const EPOCH = Date.UTC(2020, 0, 1);
const KID = /^[0-9a-f]{16}$/;

/** The fields of `s` as read. `signature` is r‖s and never an identifier: r‖n−s verifies too. */
export interface LabelSignature {
  readonly version: number;
  /** First 8 bytes of the SHA-256 of the certificate, as 16 lower-case hexadecimal digits. */
  readonly kid: string;
  /** Days since 2020-01-01 UTC. */
  readonly iat: number;
  readonly signature: Uint8Array;
}

/** The issue day of an instant: whole days since 2020-01-01 UTC (section 2). */
export function iatOf(date: Date): number {
  const iat = Math.floor((date.getTime() - EPOCH) / DAY);
  if (!(iat >= 0 && iat <= 0xffff)) throw new RangeError(`${String(date)} is outside the days a label can carry`);
  return iat;
}

/** The first instant (00:00 UTC) of an issue day. */
export function dateOf(iat: number): Date {
  return new Date(EPOCH + iat * DAY);
}

/** The 11 bytes before the signature: version, kid, iat (section 2). */
export function signatureHeader(kid: string, iat: number): Uint8Array {
  if (!KID.test(kid)) throw new RangeError(`"${kid}" is not a kid of 16 lower-case hexadecimal digits`);
  if (!Number.isInteger(iat) || iat < 0 || iat > 0xffff) throw new RangeError(`${iat} is not an issue day`);
  const header = new Uint8Array(11);
  header[0] = PROFILE_VERSION;
  for (let i = 0; i < 8; i++) header[1 + i] = Number.parseInt(kid.slice(2 * i, 2 * i + 2), 16);
  header[9] = iat >>> 8;
  header[10] = iat & 0xff;
  return header;
}

/** Builds `s`: 75 bytes, big-endian, 100 base64url characters (section 2). */
export function encodeS(fields: { kid: string; iat: number; signature: Uint8Array }): string {
  if (fields.signature.length !== 64) throw new RangeError('an ES256 signature has 64 bytes');
  const blob = new Uint8Array(BLOB_BYTES);
  blob.set(signatureHeader(fields.kid, fields.iat));
  blob.set(fields.signature, 11);
  return encodeTriples(blob);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Reads `s`; undefined unless it is exactly 100 base64url characters. The version is the caller's to judge. */
export function decodeS(text: string): LabelSignature | undefined {
  if (text.length !== SIGNATURE_CHARACTERS) return undefined;
  const blob = decodeTriples(text);
  if (blob === undefined) return undefined;
  let kid = '';
  for (let i = 1; i < 9; i++) kid += HEX[blob[i] ?? 0];
  return {
    version: blob[0] ?? 0,
    kid,
    iat: ((blob[9] ?? 0) << 8) | (blob[10] ?? 0),
    signature: blob.subarray(11),
  };
}
