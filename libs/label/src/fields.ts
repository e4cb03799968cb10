import { parseLabelUri } from './parse.js';
import { isIssuableSerial, SERIAL_ALPHABET } from './serial.js';
import { SIGNATURE_CHARACTERS } from './signature.js';

/** The data of one label, as they are signed. `host` carries no port; attributes are keyed by AI. */
export interface LabelFields {
  readonly host: string;
  readonly gtin: string;
  readonly lot?: string;
  readonly serial: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The part of a label that every label of a run shares. */
export type LabelTemplate = Omit<LabelFields, 'serial'>;

/** Sorts AIs as strings, bytewise: they are ASCII, so that the code-unit order is the byte order. */
export function byAi(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

const encoder = new TextEncoder();

/** The bytes that are signed, exactly as section 3 of the label profile lays them out. */
export function signingInput(fields: LabelFields, signer: { kid: string; iat: number }): Uint8Array {
  const pairs: [string, string][] = Object.entries(fields.attributes);
  pairs.push(['01', fields.gtin], ['21', fields.serial]);
  if (fields.lot !== undefined) pairs.push(['10', fields.lot]);
  pairs.sort(byAi);
  let text = `OVOP-QR-1\nhost=${fields.host}\n`;
  for (const [ai, value] of pairs) text += `${ai}=${value}\n`;
  return encoder.encode(`${text}kid=${signer.kid}\niat=${signer.iat}\n`);
}

/**
 * The label's URI (section 1): attributes in ascending string order of the AI, `s` last. Without `s` it is the
 * compact form. `baseUrl` replaces `https://HOST` in development only (http and a port on localhost).
 */
export function buildLabelUri(label: LabelFields & { readonly baseUrl?: string; readonly s?: string }): string {
  const { head, tail } = uriParts(label, label.baseUrl);
  const uri = head + label.serial + tail;
  if (label.s === undefined) return uri;
  return `${uri}${tail === '' ? '?' : '&'}s=${label.s}`;
}

/** The URI before and after the serial; constant through a run. */
export function uriParts(
  template: LabelTemplate,
  baseUrl = `https://${template.host}`,
): { head: string; tail: string } {
  const lot = template.lot === undefined ? '' : `/10/${template.lot}`;
  const query = Object.entries(template.attributes)
    .sort(byAi)
    .map(([ai, value]) => `${ai}=${value}`)
    .join('&');
  return { head: `${baseUrl}/01/${template.gtin}${lot}/21/`, tail: query === '' ? '' : `?${query}` };
}

/**
 * Refuses a template that could not be read back: builds a label from it and reads it with the strict parser.
 * The issuer and the reader can therefore never disagree on section 1.
 */
export function assertLabelTemplate(template: LabelTemplate, baseUrl?: string): void {
  const trial = { ...template, serial: SERIAL_ALPHABET.slice(0, 10), s: 'A'.repeat(SIGNATURE_CHARACTERS) };
  const uri = buildLabelUri(baseUrl === undefined ? trial : { ...trial, baseUrl });
  const read = parseLabelUri(uri);
  if ('badFormat' in read) throw new RangeError(`no label can be made: ${read.badFormat} in ${read.field}`);
  if (read.host !== template.host) throw new RangeError(`the address ${read.host} is not the host ${template.host}`);
}

/** Refuses a serial that the issuer may not print (section 1: 10 to 12 characters). */
export function assertIssuableSerial(serial: string): void {
  if (!isIssuableSerial(serial)) throw new RangeError(`"${serial}" is not a serial of 10 to 12 characters`);
}
