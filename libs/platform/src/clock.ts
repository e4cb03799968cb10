import { randomFillSync } from 'node:crypto';

/** Where time comes from; injected under this token so that tests can hold it still. */
export const CLOCK = Symbol('clock');
export type Clock = () => Date;
export const systemClock: Clock = () => new Date();

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then random bits.
 * @param now the moment that the id is to sort by
 */
export function newId(now: Date): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
