import { sha256 as digest } from '@noble/hashes/sha2.js';
import { AppError } from '#contracts';

/** Bytes and their texts, in Node.js and in a browser alike. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes: ArrayBuffer | Uint8Array): string {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += HEX[byte];
  return text;
}

/** The bytes of hexadecimal digits. */
export function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

/** SHA-256, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hex(digest(bytes));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Reads base64; padding may be absent. Refuses every other character, white space apart. */
export function decodeBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch (error) {
    throw new AppError('invalid', 'not base64', [], error);
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function encodeBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads base64url without padding; undefined unless it is the one right way to write those bytes (RFC 7515). */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  return encodeBase64url(bytes.subarray(-(bytes.length % 3 || 3))) === text.slice(-(text.length % 4 || 4))
    ? bytes
    : undefined;
}
