import { bundleSigning, labelSigning, openBundle, parseCertificate, parseCrl, readCertificates, readCrls } from '#pki';
import type { Certificate, Crl } from '#pki';
import { AppError } from '#contracts';
import { lintTbs, type LintProfile } from '#pki/sign';
import { describeBundle } from '../bundle.js';
import type { Terminal } from '../terminal.js';
import { describeCertificate, describeCrl, toLines } from '../describe.js';
import { readInput } from '../load-trust.js';
import { UsageError } from '../usage.js';

type Found =
  | { readonly kind: 'certificate'; readonly value: Certificate }
  | { readonly kind: 'crl'; readonly value: Crl }
  | { readonly kind: 'bundle'; readonly value: ReturnType<typeof openBundle> };

/**
 * `ovop pki inspect`: what certificates, CRLs and trust bundles say, and where a certificate breaks its profile. Whether
 * one can be trusted is not said; issuers among the files take part in the lint.
 */
export async function inspect(files: readonly string[], asJson: boolean, terminal: Terminal): Promise<number> {
  if (files.length === 0) throw new UsageError('pki inspect takes one or more files.');
  const found: { file: string; item: Found }[] = [];
  for (const file of files) for (const item of await readAny(file)) found.push({ file, item });
  const issuers = found.flatMap(({ item }) => (item.kind === 'certificate' ? [item.value] : []));
  for (const { file, item } of found) {
    const described = { file, ...describe(item, issuers, terminal.now()) };
    terminal.out(asJson ? `${JSON.stringify(described)}\n` : `${toLines(described)}\n`);
  }
  return 0;
}

function describe(item: Found, issuers: readonly Certificate[], now: Date): object {
  if (item.kind === 'crl') return describeCrl(item.value);
  if (item.kind === 'bundle') return describeBundle(item.value, now);
  const profile = profileOf(item.value);
  if (profile === undefined) return { ...describeCertificate(item.value), profile: null };
  const issuer = issuers.find(({ subject }) => subject === item.value.issuer);
  const faults = lintTbs(item.value.tbs, profile, issuer);
  const lint = faults.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);
  return { ...describeCertificate(item.value), profile, lint: lint.length === 0 ? 'passed' : lint };
}

/** The column of the label profile, section 5, that a certificate seems to be made for. */
function profileOf({ subject, issuer, extensions }: Certificate): LintProfile | undefined {
  const { basicConstraints, extendedKeyUsage: purposes = [] } = extensions;
  if (basicConstraints?.ca === true) return subject === issuer ? 'root' : 'country-ca';
  if (purposes.some((oid) => oid === bundleSigning.extendedKeyUsage)) return 'bundle-signer';
  return purposes.some((oid) => oid === labelSigning.extendedKeyUsage) ? 'label-signer' : undefined;
}

async function readAny(file: string): Promise<Found[]> {
  const bytes = await readInput(file);
  try {
    const text = Buffer.from(bytes).toString('latin1').trim();
    if (bytes[0] === 0x30) return [readDer(bytes)];
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text))
      return [{ kind: 'bundle', value: openBundle(text, { pinnedKeys: 'first-use' }) }];
    return readPem(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function readDer(der: Uint8Array): Found {
  try {
    return { kind: 'certificate', value: parseCertificate(der) };
  } catch (certificate) {
    try {
      return { kind: 'crl', value: parseCrl(der) };
    } catch {
      throw certificate;
    }
  }
}

/** Certificates and CRLs may stand in one file. */
function readPem(text: string): Found[] {
  const blocks = text.match(/-----BEGIN [^-]*-----[^-]*-----END [^-]*-----/g);
  if (blocks === null) throw new AppError('invalid', 'neither a certificate, nor a CRL, nor a trust bundle');
  return blocks.flatMap((block): Found[] => {
    if (block.includes(' PRIVATE KEY-')) throw new AppError('invalid', 'a private key: its content is not shown');
    if (/^-----BEGIN (?:X509 )?CRL-/.test(block))
      return readCrls(Buffer.from(block)).map((value) => ({ kind: 'crl', value }));
    return readCertificates(Buffer.from(block)).map((value) => ({ kind: 'certificate', value }));
  });
}
