import { bad, type BadFormat } from './bad-format.js';

/** Scheme, host and port of a label's URI (section 1). `end` is where the path begins. */
export interface Origin {
  readonly host: string;
  readonly port?: number;
  readonly end: number;
}

const LABEL = /^[a-z0-9-]{1,63}$/;
const PORT = /^[1-9][0-9]{0,4}$/;

/** `https://HOST`; only on localhost `http` and a port, for development. */
export function parseOrigin(uri: string): Origin | BadFormat {
  const start = uri.startsWith('https://') ? 8 : uri.startsWith('http://') ? 7 : 0;
  if (start === 0) return bad('scheme', 'uri', 0);
  const slash = uri.indexOf('/', start);
  if (slash < 0) return bad('path', 'path', uri.length);
  const authority = uri.slice(start, slash);
  const at = authority.indexOf('@');
  if (at >= 0) return bad('user-info', 'host', start + at);
  const colon = authority.indexOf(':');
  const host = colon < 0 ? authority : authority.slice(0, colon);
  if (!isHost(host)) return bad('host', 'host', start);
  if (host !== 'localhost' && start === 7) return bad('scheme', 'uri', 0);
  if (colon < 0) return { host, end: slash };
  const port = authority.slice(colon + 1);
  if (host !== 'localhost' || !PORT.test(port) || Number(port) > 65535) return bad('port', 'host', start + colon);
  return { host, port: Number(port), end: slash };
}

/** A lower-case ASCII host name: labels of letters, digits and inner hyphens. */
export function isHost(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => LABEL.test(label) && !label.startsWith('-') && !label.endsWith('-'))
  );
}
