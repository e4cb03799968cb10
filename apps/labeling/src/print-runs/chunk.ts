import { randomBytes, randomInt, verify, type KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, labelsPerEvent } from '#contracts';
import { newSerial } from '#label';
import { prepareLabelRun, signLabel, type LabelRun, type PreparedLabel, type AnySigner } from '#pki/sign';
import { labelUri } from '../labels/label-uri.js';
import type { RunTemplate } from './print-runs.queries.js';

/**
 * With a key in memory, signing is synchronous and costs some 30 µs; after so many the event loop gets its turn.
 * A token gets so many at once.
 */
const slice = 100;
/** In a run of at most so many labels every signature is checked, in a larger one a sample of each chunk. */
const smallRun = 100;
const sampled = 20;
const serialBytes = 7;
/** `s`: a hundred characters, of which 11 bytes come before the signature (label profile, section 2). */
const signatureCharacters = 100;
const headerBytes = 11;

/** A run opened for signing: template and key are those of the intent, whatever changes meanwhile. */
export interface SigningJob {
  runId: string;
  organisationId: string;
  template: RunTemplate;
  labels: LabelRun;
  signer: AnySigner;
  /** From the certificate, not from the signer: a check with the signer's own key would prove nothing. */
  publicKey: KeyObject;
  count: number;
}

export interface SignedRow {
  serial: string;
  signature: Uint8Array;
}

/** Signed labels that follow so many stored ones. */
export interface Chunk {
  issued: number;
  labels: readonly SignedRow[];
}

export function openJob(
  run: { id: string; organisationId: string; count: number },
  template: RunTemplate,
  signer: AnySigner,
  publicKey: KeyObject,
): SigningJob {
  const { kid, iat, baseUrl, ...data } = template;
  const labels = prepareLabelRun(data, { kid, iat }, baseUrl ?? undefined);
  return {
    ...{ template, labels, signer, publicKey },
    runId: run.id,
    organisationId: run.organisationId,
    count: run.count,
  };
}

/** How many labels the chunk after so many has. */
export const chunkSize = (job: SigningJob, issued: number): number => Math.min(labelsPerEvent, job.count - issued);

/**
 * Signs `size` labels with fresh random serials, in memory only.
 * @throws {AppError} `unavailable` when a checked signature does not hold
 */
export async function signLabels(job: SigningJob, size: number): Promise<SignedRow[]> {
  const checked = toCheck(job, size);
  const random = randomBytes(size * serialBytes);
  const rows: SignedRow[] = [];
  for (let from = 0; from < size; from += slice) {
    if (from > 0) await nextTurn();
    const prepared = Array.from({ length: Math.min(slice, size - from) }, (_, i) =>
      job.labels.prepare(newSerial(random.subarray((from + i) * serialBytes, (from + i + 1) * serialBytes))),
    );
    const signed = await Promise.all(prepared.map(async (label) => signLabel(label, job.signer)));
    for (const [i, { serial, uri }] of signed.entries()) {
      const row = {
        serial,
        signature: Buffer.from(uri.slice(-signatureCharacters), 'base64url').subarray(headerBytes),
      };
      const label = prepared[i];
      if (label !== undefined && checked.has(from + i)) assertHolds(job, label, uri, row);
      rows.push(row);
    }
  }
  return rows;
}

/** Which labels of a chunk are checked, by their number from 0. */
function toCheck(job: SigningJob, size: number): ReadonlySet<number> {
  if (job.count <= smallRun || size <= sampled) return new Set(Array(size).keys());
  return new Set(Array.from({ length: sampled }, () => randomInt(size)));
}

/** The certificate's key must confirm the signature, and the row that is stored must give back the very same URI. */
function assertHolds(job: SigningJob, prepared: PreparedLabel, uri: string, row: SignedRow): void {
  const key = { key: job.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (verify('sha256', prepared.input, key, row.signature) && labelUri(job.template, row) === uri) return;
  throw new AppError('unavailable', 'a signature does not hold against the certificate; nothing of it is kept');
}
