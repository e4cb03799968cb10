import { parseOrigin } from './parse-origin.js';
import { bad, type BadFormat } from './bad-format.js';
import { findAssociationFault, isAllowedAttribute, isValidAttributeValue } from './ai-table.js';
import { hasValidCheckDigit, isRestrictedCirculation } from './gtin.js';
import { isReadableSerial } from './serial.js';
import { decodeS, type LabelSignature } from './signature.js';

/**
 * Printed labels have at most 192 characters; links to them that were passed on carry other people's parameters,
 * which never influence a verdict (section 3). Anything past this is refused unread: docs/decisions/0010.
 */
export const LONGEST_URI = 2048;

/** A label as read. `signature` is absent on a compact label. */
export interface ParsedLabel {
  readonly host: string;
  readonly port?: number;
  readonly gtin: string;
  readonly lot?: string;
  readonly serial: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly signature?: LabelSignature;
}

const LOT = /^[0-9A-Z-]{1,20}$/;
const GTIN = /^[0-9]{14}$/;
const NUMERIC = /^[0-9]+$/;

/**
 * Reads a label's URI strictly by section 1 of the label profile, in time linear in its length. Never throws:
 * what is wrong comes back with the field and the position.
 */
export function parseLabelUri(uri: string): ParsedLabel | BadFormat {
  if (uri.length > LONGEST_URI) return bad('too-long', 'uri', LONGEST_URI);
  const stray = findStrayCharacter(uri);
  if (stray !== undefined) return stray;
  const origin = parseOrigin(uri);
  if ('badFormat' in origin) return origin;
  const mark = uri.indexOf('?', origin.end);
  const path = parsePath(uri.slice(0, mark < 0 ? uri.length : mark), origin.end);
  if ('badFormat' in path) return path;
  const query = mark < 0 ? { attributes: {} } : parseQuery(uri, mark + 1);
  if ('badFormat' in query) return query;
  const ais = Object.keys(query.attributes);
  if (ais.length > 0) {
    const fault = findAssociationFault(path.lot === undefined ? ais : [...ais, '10']);
    if (fault !== undefined) return bad(fault.reason, fault.ai, uri.indexOf(`${fault.ai}=`, mark));
  }
  return {
    host: origin.host,
    ...(origin.port === undefined ? {} : { port: origin.port }),
    ...path,
    ...query,
  };
}

/** Printable ASCII only, and none of the characters that would make two readings of one URI possible. */
function findStrayCharacter(uri: string): BadFormat | undefined {
  for (let i = 0; i < uri.length; i++) {
    const code = uri.charCodeAt(i);
    if (code < 0x21 || code > 0x7e) return bad('character', 'uri', i);
    if (code === 0x25) return bad('percent-encoding', 'uri', i);
    if (code === 0x23) return bad('fragment', 'uri', i);
    if (code === 0x3b || code === 0x5c) return bad('character', 'uri', i); // ; is a second separator in the GS1 ABNF
  }
  return undefined;
}

type Path = Pick<ParsedLabel, 'gtin' | 'lot' | 'serial'>;

/** `/01/GTIN14[/10/LOT]/21/SERIAL` and nothing before, between or after. */
function parsePath(uri: string, start: number): Path | BadFormat {
  const segments = uri.slice(start + 1).split('/');
  if (uri.endsWith('/')) return bad('trailing-slash', 'path', uri.length - 1);
  const [key, gtin = '', ...qualifiers] = segments;
  if (key !== '01') return bad('path', 'path', start);
  const gtinAt = start + 4;
  const wrongGtin = judgeGtin(gtin, gtinAt);
  if (wrongGtin !== undefined) return wrongGtin;
  const lot = qualifiers[0] === '10' ? (qualifiers[1] ?? '') : undefined;
  const rest = lot === undefined ? qualifiers : qualifiers.slice(2);
  const afterLot = gtinAt + 15 + (lot === undefined ? 0 : 4 + lot.length);
  if (lot !== undefined && !LOT.test(lot)) return bad('lot', '10', gtinAt + 18);
  if (rest.length === 0) return bad('no-serial', '21', uri.length);
  if (rest[0] !== '21') return bad('qualifier', rest[0] ?? 'path', afterLot);
  const serial = rest[1] ?? '';
  if (!isReadableSerial(serial)) return bad('serial', '21', afterLot + 3);
  if (rest.length > 2) return bad('qualifier-order', rest[2] ?? 'path', afterLot + 4 + serial.length);
  return lot === undefined ? { gtin, serial } : { gtin, lot, serial };
}

function judgeGtin(gtin: string, at: number): BadFormat | undefined {
  if (!GTIN.test(gtin)) return bad('gtin', '01', at);
  if (!hasValidCheckDigit(gtin)) return bad('check-digit', '01', at + 13);
  return isRestrictedCirculation(gtin) ? bad('restricted-circulation', '01', at) : undefined;
}

type Query = Pick<ParsedLabel, 'attributes' | 'signature'>;

/** Data attributes and `s`. Other keys are not numeric and are ignored, however often they occur. */
function parseQuery(uri: string, start: number): Query | BadFormat {
  const attributes: Record<string, string> = {};
  let signature: LabelSignature | undefined;
  let at = start;
  for (const pair of uri.slice(start).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? '' : pair.slice(equals + 1);
    if (key === '') return bad('empty-parameter', 'query', at);
    if (key === 's') {
      if (signature !== undefined) return bad('duplicate', 's', at);
      signature = decodeS(value);
      if (signature === undefined) return bad('signature', 's', at + 2);
    } else if (NUMERIC.test(key)) {
      const wrong = judgeAttribute(key, value, attributes, at);
      if (wrong !== undefined) return wrong;
      attributes[key] = value;
    }
    at += pair.length + 1;
  }
  return signature === undefined ? { attributes } : { attributes, signature };
}

function judgeAttribute(
  ai: string,
  value: string,
  seen: Readonly<Record<string, string>>,
  at: number,
): BadFormat | undefined {
  if (seen[ai] !== undefined) return bad('duplicate', ai, at);
  if (ai === '01' || ai === '10' || ai === '21') return bad('path-ai-in-query', ai, at);
  if (!isAllowedAttribute(ai)) return bad('unknown-ai', ai, at);
  if (value === '') return bad('empty-value', ai, at + ai.length + 1);
  return isValidAttributeValue(ai, value) ? undefined : bad('value', ai, at + ai.length + 1);
}
