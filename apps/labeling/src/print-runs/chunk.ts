import { randomBytes, randomInt, verify, type KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, labelsPerEvent } from '#contracts';
import { decodeS, newSerial } from '#label';
import { prepareLabelRun, signLabel, type LabelRun, type PreparedLabel, type Signer } from '#pki/sign';
import { labelUri } from '../labels/label-uri.js';
import type { RunTemplate } from './print-runs.queries.js';

/** Signing is synchronous and costs some 30 µs; after so many the event loop gets its turn. */
const slice = 100;
/** In a run of at most so many labels every signature is checked, in a larger one a sample of each chunk. */
const smallRun = 100;
const sampled = 20;
const serialBytes = 7;

/** A run opened for signing: template and key are those of the intent, whatever changes meanwhile. */
export interface SigningJob {
  runId: string;
  template: RunTemplate;
  labels: LabelRun;
  signer: Signer;
  /** From the certificate, not from the signer: a check with the signer's own key would prove nothing. */
  publicKey: KeyObject;
  count: number;
  issued: number;
}

export interface SignedRow {
  serial: string;
  signature: Uint8Array;
}

export function openJob(
  run: { id: string; count: number; issued: number },
  template: RunTemplate,
  signer: Signer,
  publicKey: KeyObject,
): SigningJob {
  const { kid, iat, baseUrl, ...data } = template;
  const labels = prepareLabelRun(data, { kid, iat }, baseUrl ?? undefined);
  return { ...{ template, labels, signer, publicKey }, runId: run.id, count: run.count, issued: run.issued };
}

/** How many labels the next chunk has. */
export const chunkSize = (job: SigningJob): number => Math.min(labelsPerEvent, job.count - job.issued);

/**
 * Signs `size` labels with fresh random serials, in memory only.
 * @throws {AppError} `unavailable` when a checked signature does not hold
 */
export async function signLabels(job: SigningJob, size: number): Promise<SignedRow[]> {
  const prepared: PreparedLabel[] = [];
  const rows: SignedRow[] = [];
  const random = randomBytes(size * serialBytes);
  for (let i = 0; i < size; i++) {
    if (i > 0 && i % slice === 0) await nextTurn();
    const label = job.labels.prepare(newSerial(random.subarray(i * serialBytes, (i + 1) * serialBytes)));
    const { serial, uri } = signLabel(label, job.signer);
    prepared.push(label);
    rows.push({ serial, signature: signatureIn(uri) });
  }
  for (const index of toCheck(job, size)) assertHolds(job, prepared[index], rows[index]);
  return rows;
}

function signatureIn(uri: string): Uint8Array {
  const read = decodeS(uri.slice(-100));
  if (read === undefined) throw new AppError('unavailable', 'the signer made a label without a readable signature');
  return read.signature;
}

function toCheck(job: SigningJob, size: number): Iterable<number> {
  if (job.count <= smallRun || size <= sampled) return Array(size).keys();
  return Array.from({ length: sampled }, () => randomInt(size));
}

/** The stored row must give back a label whose signature the certificate's key confirms. */
function assertHolds(job: SigningJob, prepared: PreparedLabel | undefined, row: SignedRow | undefined): void {
  const key = { key: job.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (prepared !== undefined && row !== undefined && verify('sha256', prepared.input, key, row.signature)) {
    const uri = labelUri(job.template, row);
    if (uri.startsWith(prepared.unsigned) && uri.length === prepared.unsigned.length + 103) return;
  }
  throw new AppError('unavailable', 'a signature does not hold against the certificate; nothing of it is kept');
}
