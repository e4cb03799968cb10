import { AppError } from '#contracts';
import { decodeBase64 } from './bytes.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { parseCrl, type Crl } from './crl.js';

/** Files of certificates and CRLs: one in DER, or any number in PEM. */

const CERTIFICATE_LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
/** `CRL` is what some libraries write; RFC 7468 section 6 says `X509 CRL`. */
const CRL_LABELS: ReadonlySet<string> = new Set(['X509 CRL', 'CRL']);

function readDers(file: Uint8Array, labels: ReadonlySet<string>): Uint8Array[] {
  if (file[0] === 0x30) return [file];
  const text = new TextDecoder('latin1').decode(file);
  const found: Uint8Array[] = [];
  for (const [, label = '', body = '', end] of text.matchAll(
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END ([A-Z0-9 ]{1,40})-----/g,
  )) {
    if (label !== end) throw new AppError('invalid', `a PEM block begins as ${label} and ends as ${end ?? 'nothing'}`);
    if (!labels.has(label)) throw new AppError('invalid', `${[...labels].join(' or ')} expected, ${label} found`);
    found.push(decodeBase64(body));
  }
  const begun = text.split('-----BEGIN ').length - 1;
  if (found.length === 0 || begun !== found.length) {
    throw new AppError('invalid', begun === 0 ? 'neither DER nor PEM' : 'a PEM block is cut short or damaged');
  }
  return found;
}

/** The certificates of a file, DER or PEM. */
export function readCertificates(file: Uint8Array): Certificate[] {
  return readDers(file, CERTIFICATE_LABELS).map(parseCertificate);
}

/** The CRLs of a file, DER or PEM. */
export function readCrls(file: Uint8Array): Crl[] {
  return readDers(file, CRL_LABELS).map(parseCrl);
}
