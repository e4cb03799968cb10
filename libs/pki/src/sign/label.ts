import {
  assertIssuableSerial,
  assertLabelTemplate,
  signatureHeader,
  signingInput,
  uriParts,
  type LabelTemplate,
} from '#label';
import { afterwards, type Signature, type Signed, type Signer } from './signer.js';

/** One label, ready to be signed: only `LabelRun.prepare` makes one, so that what is signed has been checked. */
export interface PreparedLabel {
  readonly serial: string;
  readonly input: Uint8Array;
  /** The URI without `s`. */
  readonly unsigned: string;
  readonly run: LabelRun;
}

export interface SignedLabel {
  readonly serial: string;
  readonly uri: string;
}

/** What every label of a print run shares, computed once. */
export interface LabelRun {
  readonly kid: string;
  readonly iat: number;
  /** What separates the unsigned URI from `s`. */
  readonly join: string;
  /** The first 9 bytes of `s` as text, and the two that begin the next triple. */
  readonly head: string;
  readonly headRest: Uint8Array;
  prepare(serial: string): PreparedLabel;
}

const MARK = '0000000000';

/**
 * Checks a run's data once with the strict parser and precomputes all that does not depend on the serial, so that
 * a label costs little more than its signature. `baseUrl` is for development on localhost only.
 */
export function prepareLabelRun(
  template: LabelTemplate,
  signer: { readonly kid: string; readonly iat: number },
  baseUrl?: string,
): LabelRun {
  assertLabelTemplate(template, baseUrl);
  const { head: uriHead, tail } = uriParts(template, baseUrl);
  const whole = Buffer.from(signingInput({ ...template, serial: MARK }, signer)).toString('latin1');
  const at = whole.indexOf(`\n21=${MARK}\n`) + 4;
  const [before, after] = [whole.slice(0, at), whole.slice(at + MARK.length)];
  const header = signatureHeader(signer.kid, signer.iat);
  const run: LabelRun = {
    kid: signer.kid,
    iat: signer.iat,
    join: `${tail === '' ? '?' : '&'}s=`,
    head: Buffer.from(header.subarray(0, 9)).toString('base64url'),
    headRest: header.subarray(9),
    prepare: (serial) => {
      assertIssuableSerial(serial);
      return { serial, input: Buffer.from(before + serial + after, 'latin1'), unsigned: uriHead + serial + tail, run };
    },
  };
  return run;
}

/**
 * Signs one prepared label: section 2 and 3 of the label profile. With a key in memory the label is there at once
 * (fastest by far), with one in a token it is promised.
 */
export function signLabel<S extends Signature>(prepared: PreparedLabel, signer: Signer<S>): Signed<S, SignedLabel> {
  const { run, serial } = prepared;
  return afterwards(signer.sign(prepared.input), (signature) => {
    const rest = Buffer.allocUnsafe(66);
    rest.set(run.headRest);
    rest.set(signature, 2);
    return { serial, uri: prepared.unsigned + run.join + run.head + rest.toString('base64url') };
  });
}
