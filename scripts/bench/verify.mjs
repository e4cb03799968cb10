import { verify } from 'node:crypto';
import { verifyLabel } from '#label';
import { createTrustStore, openBundle } from '#pki';
import { signLabel } from '../../dist/libs/pki/src/sign/index.js';
import { anySerial, makeAuthority, openRun } from './authority.mjs';
import { compare, interleave, rateOf } from './measure.mjs';

const count = 2000;

/** The whole verdict on a label with no network, against the bare verification of the same signatures. */
export async function benchVerify() {
  const authority = makeAuthority();
  const store = createTrustStore(openBundle(authority.bundle, { pinnedKeys: new Set([authority.rootKeyHash]) }));
  const run = openRun(authority);
  const prepared = Array.from({ length: count }, () => run.prepare(anySerial()));
  const signed = prepared.map((label) => {
    const { uri } = signLabel(label, authority.signer);
    return { uri, input: label.input, signature: Buffer.from(uri.slice(-100), 'base64url').subarray(11) };
  });
  const key = { key: authority.publicKey, dsaEncoding: 'ieee-p1363' };
  const now = new Date();
  const rates = await interleave(
    {
      raw: () =>
        rateOf(count, () => {
          for (const { input, signature } of signed)
            if (!verify('sha256', input, key, signature)) throw new Error('a signature does not hold');
        }),
      ours: () =>
        rateOf(count, async () => {
          for (const { uri } of signed) {
            const { code } = await verifyLabel(uri, store, now);
            if (code !== 'VALID') throw new Error(`a label is ${code}`);
          }
        }),
    },
    { rounds: 9 },
  );
  return [compare('verify a label offline', 'labels/s', rates.ours, [rates.raw], 0.5)];
}
