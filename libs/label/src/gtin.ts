/** GTIN rules of the label profile, section 1. */

const WEIGHTED = /^[0-9]+$/;
const GTIN_LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/** The GS1 check digit (mod 10, weights 3 and 1 from the right) of the digits before it. */
export function checkDigit(digits: string): number {
  if (!WEIGHTED.test(digits)) throw new RangeError(`a check digit needs digits, got "${digits}"`);
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit * 3 : digit;
  }
  return (10 - (sum % 10)) % 10;
}

/** Whether the last digit is the right check digit of those before it. */
export function hasValidCheckDigit(digits: string): boolean {
  return (
    digits.length > 1 &&
    WEIGHTED.test(digits) &&
    checkDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48
  );
}

/** Whether the text is a GTIN-8, -12, -13 or -14 with a right check digit. */
export function isValidGtin(text: string): boolean {
  return GTIN_LENGTHS.has(text.length) && hasValidCheckDigit(text);
}

/** Pads a GTIN-8, -12 or -13 with zeros to the 14 digits of a Digital Link URI (section 1). */
export function toGtin14(text: string): string {
  if (!isValidGtin(text))
    throw new RangeError(`"${text}" is not a GTIN: 8, 12, 13 or 14 digits with a right check digit`);
  return text.padStart(14, '0');
}

/**
 * Restricted-circulation numbers (section 1): the GTIN-13 part starts with 02, 04 or 2. They mean something
 * inside one shop or one country only, so a label must never carry one.
 */
export function isRestrictedCirculation(gtin14: string): boolean {
  const gtin13 = gtin14.slice(1);
  return gtin13.startsWith('2') || gtin13.startsWith('02') || gtin13.startsWith('04');
}

/**
 * A GTIN-13, written as 14 digits, from a GS1 company prefix and an item reference.
 * Prefix and reference share twelve digits: a prefix of 7 leaves five for the reference (0 to 99999).
 */
export function allocateGtin(companyPrefix: string, itemReference: number): string {
  if (!/^[0-9]{4,11}$/.test(companyPrefix)) {
    throw new RangeError(`"${companyPrefix}" is not a GS1 company prefix of 4 to 11 digits`);
  }
  const width = 12 - companyPrefix.length;
  if (!Number.isInteger(itemReference) || itemReference < 0 || itemReference >= 10 ** width) {
    throw new RangeError(
      `item reference ${itemReference} does not fit the ${width} digits that ${companyPrefix} leaves`,
    );
  }
  const digits = companyPrefix + String(itemReference).padStart(width, '0');
  const gtin = `0${digits}${checkDigit(digits)}`;
  if (isRestrictedCirculation(gtin)) throw new RangeError(`${companyPrefix} is a restricted-circulation prefix`);
  return gtin;
}
