/** Serials and typed codes of the label profile, section 1. */

/** Crockford's base32 alphabet: no I, L, O, U. */
export const SERIAL_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_SYMBOLS = `${SERIAL_ALPHABET}*~$=U`;
const SERIAL_LENGTH = 10;
const GROUP = 4;

const SERIAL_READ = /^[0-9A-HJKMNP-TV-Z]{1,12}$/;
const SERIAL_ISSUED = /^[0-9A-HJKMNP-TV-Z]{10,12}$/;

/** Whether a label with this serial may be read: 1 to 12 characters (docs/decisions/0002). */
export function isReadableSerial(text: string): boolean {
  return SERIAL_READ.test(text);
}

/** Whether a label with this serial may be issued: 10 to 12 characters (section 1). */
export function isIssuableSerial(text: string): boolean {
  return SERIAL_ISSUED.test(text);
}

/**
 * A serial of 10 characters from at least 7 random bytes. 32 divides 256, so that cutting bits into fives
 * keeps every serial equally likely: 50 bits (section 1).
 */
export function newSerial(random: Uint8Array): string {
  if (random.length < 7) throw new RangeError('a serial needs 7 random bytes');
  let serial = '';
  let bits = 0;
  let held = 0;
  for (const byte of random) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && serial.length < SERIAL_LENGTH) {
      bits -= 5;
      serial += SERIAL_ALPHABET.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
    if (serial.length === SERIAL_LENGTH) break;
  }
  return serial;
}

/** Crockford's check symbol: the serial as a number, modulo 37. */
export function checkSymbol(serial: string): string {
  let rest = 0;
  for (const character of serial) {
    const value = SERIAL_ALPHABET.indexOf(character);
    if (value < 0) throw new RangeError(`"${serial}" is not a serial`);
    rest = (rest * 32 + value) % 37;
  }
  return CHECK_SYMBOLS.charAt(rest);
}

/** The code printed under the symbol: serial and check symbol in groups of four, e.g. `7KQ4-M9XW-2T=`. */
export function formatTypedCode(serial: string): string {
  if (!isIssuableSerial(serial)) throw new RangeError(`"${serial}" is not a serial of 10 to 12 characters`);
  const code = serial + checkSymbol(serial);
  return (code.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-');
}

/** Why a typed code is not one. `position` counts the characters of the text as it was typed. */
export interface TypedCodeRefusal {
  readonly reason: 'empty' | 'character' | 'length' | 'check';
  readonly position?: number;
}

export interface TypedCode {
  readonly serial: string;
}

const LONGEST_TYPED = 64;

/** What a person may type instead of a character of the alphabet (section 1). */
function readTyped(character: string): string {
  const upper = character.toUpperCase();
  if (upper === 'O') return '0';
  return upper === 'I' || upper === 'L' ? '1' : upper;
}

/**
 * Reads a typed code forgivingly: lower case, spaces, hyphens, O for 0, I and L for 1 (section 1).
 * One wrong character never passes: 37 is prime and larger than the alphabet.
 */
export function parseTypedCode(text: string): TypedCode | TypedCodeRefusal {
  if (text.length > LONGEST_TYPED) return { reason: 'length' };
  let code = '';
  for (let i = 0; i < text.length; i++) {
    if (/[\s\-\u00AD\u2010-\u2015\u2212]/.test(text.charAt(i))) continue;
    const symbol = readTyped(text.charAt(i));
    if (symbol.length !== 1 || !CHECK_SYMBOLS.includes(symbol)) return { reason: 'character', position: i };
    code += symbol;
  }
  if (code === '') return { reason: 'empty' };
  const serial = code.slice(0, -1);
  if (code.length < 11 || code.length > 13) return { reason: 'length' };
  if (!isIssuableSerial(serial)) {
    const wrong = [...serial].find((character) => !SERIAL_ALPHABET.includes(character)) ?? '';
    return { reason: 'character', position: text.toUpperCase().indexOf(wrong) };
  }
  return checkSymbol(serial) === code.slice(-1) ? { serial } : { reason: 'check' };
}
