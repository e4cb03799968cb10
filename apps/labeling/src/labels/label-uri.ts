import { buildLabelUri, encodeS } from '#label';
import type { RunTemplate } from '../print-runs/print-runs.queries.js';

/** The URI of a label from what is stored of it and of its run: bit for bit the one that was signed. */
export function labelUri(run: RunTemplate, label: { serial: string; signature: Uint8Array }): string {
  const { host, baseUrl, gtin, lot, attributes, kid, iat } = run;
  const s = encodeS({ kid, iat, signature: label.signature });
  const fields = { host, gtin, lot, attributes, serial: label.serial, s };
  return buildLabelUri(baseUrl === null ? fields : { ...fields, baseUrl });
}
