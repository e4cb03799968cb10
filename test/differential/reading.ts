import { conforms, keepsCompany, readDictionary } from './dictionary.js';
import { hasRightCheckDigit } from './linters.js';

/*
 * The label profile OVOP-QR-1, sections 1 to 3, read a second time from the specification alone. Nothing here comes
 * from libs/, so that a mistake there and a mistake here are two mistakes.
 */

/** What a well-formed URI says. */
export interface Reading {
  readonly host: string;
  /** Every AI of path and query with its value. */
  readonly ais: ReadonlyMap<string, string>;
  /** The 75 bytes of `s`; undefined where there is no `s`. */
  readonly seal: Buffer | undefined;
}

let dictionary: ReturnType<typeof readDictionary> | undefined;

/** Reads a URI strictly; undefined for whatever section 1 does not allow. */
export function read(uri: string): Reading | undefined {
  // Printable ASCII without `%` and `#`, without `;`, which may be read as `&`, and `\\`, which may be read as `/`.
  if (uri.length > 2048 || !/^[!-~]+$/.test(uri) || /[%#;\\]/.test(uri)) return undefined;
  const [, scheme = '', authority = '', path = '', query] = /^([^:]*):\/\/([^/?]*)([^?]*)(?:\?(.*))?$/.exec(uri) ?? [];
  const host = readAuthority(scheme, authority);
  const ais = readPath(path);
  if (host === undefined || ais === undefined) return undefined;
  const seal = readQuery(query, ais);
  if (seal === 'bad' || !isConformant(ais)) return undefined;
  return { host, ais, seal };
}

function readAuthority(scheme: string, authority: string): string | undefined {
  const [, host = '', port] = /^([^:]*)(?::(.*))?$/.exec(authority) ?? [];
  const local = host === 'localhost';
  if (scheme !== 'https' && !(local && scheme === 'http')) return undefined;
  if (port !== undefined && !(local && /^[1-9]\d{0,4}$/.test(port) && Number(port) < 65_536)) return undefined;
  const labels = host.split('.');
  if (host.length > 253 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    return undefined;
  }
  return host;
}

function readPath(path: string): Map<string, string> | undefined {
  const segments = path.split('/');
  const order = segments.length === 7 ? ['01', '10', '21'] : ['01', '21'];
  if (segments.shift() !== '' || segments.length !== order.length * 2) return undefined;
  const ais = new Map<string, string>();
  for (const [index, ai] of order.entries()) {
    if (segments[index * 2] !== ai) return undefined;
    ais.set(ai, segments[index * 2 + 1] ?? '');
  }
  const [gtin = '', lot, serial = ''] = [ais.get('01'), ais.get('10'), ais.get('21')];
  if (!/^\d{14}$/.test(gtin) || !hasRightCheckDigit(gtin) || /^.(?:02|04|2)/.test(gtin)) return undefined;
  if (lot !== undefined && !/^[0-9A-Z-]{1,20}$/.test(lot)) return undefined;
  // Issued serials have 10 to 12 characters; the profile's own vector `bad-revoked` has 2 and must be read.
  if (!/^[0-9A-HJKMNP-TV-Z]{1,12}$/.test(serial)) return undefined;
  return ais;
}

/** Adds the query's AIs to those of the path. */
function readQuery(query: string | undefined, ais: Map<string, string>): Buffer | undefined | 'bad' {
  if (query === undefined) return undefined;
  let seal: Buffer | undefined;
  for (const pair of query.split('&')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/.exec(pair) ?? [];
    if (key === '') return 'bad';
    if (key === 's') {
      if (seal !== undefined || !/^[A-Za-z0-9_-]{100}$/.test(value)) return 'bad';
      seal = Buffer.from(value, 'base64url');
    } else if (/^\d+$/.test(key)) {
      // 10, 21, 22 and 235 qualify the GTIN: in the path or nowhere.
      if (ais.has(key) || ['10', '21', '22', '235'].includes(key)) return 'bad';
      ais.set(key, value);
    }
  }
  return seal;
}

function isConformant(ais: ReadonlyMap<string, string>): boolean {
  const present = new Set(ais.keys());
  return [...ais].every(([ai, value]) => {
    const entry = (dictionary ??= readDictionary()).get(ai);
    if (entry === undefined || !keepsCompany(entry, ai, present)) return false;
    return ['01', '10', '21'].includes(ai) || (entry.attribute && conforms(entry, value));
  });
}

/** Section 3: the bytes under the signature. */
export function signedBytes({ host, ais }: Reading, kid: string, day: number): Buffer {
  const lines = [...ais].map(([ai, value]) => `${ai}=${value}`);
  lines.sort((left, right) => Buffer.compare(Buffer.from(aiOf(left)), Buffer.from(aiOf(right))));
  return Buffer.from(['OVOP-QR-1', `host=${host}`, ...lines, `kid=${kid}`, `iat=${day}`, ''].join('\n'));
}

function aiOf(line: string): string {
  return line.slice(0, line.indexOf('='));
}
