import { randomBytes, sign } from 'node:crypto';
import { newSerial } from '#label';
import { signLabel } from '../../dist/libs/pki/src/sign/index.js';
import { anySerial, makeAuthority, openRun } from './authority.mjs';
import { compare, interleave, rateOf } from './measure.mjs';

const count = 5000;
const serialBytes = 7;

/** Label signatures a second in a run, serial to finished address, against the bare signature of the same bytes. */
export async function benchSign() {
  const authority = makeAuthority();
  const run = openRun(authority);
  const { input } = run.prepare(anySerial());
  const key = { key: authority.privateKey, dsaEncoding: 'ieee-p1363' };
  const rates = await interleave(
    {
      raw: () =>
        rateOf(count, () => {
          for (let i = 0; i < count; i++) sign('sha256', input, key);
        }),
      ours: () =>
        rateOf(count, () => {
          const random = randomBytes(count * serialBytes);
          const labels = [];
          for (let i = 0; i < count; i++) {
            const serial = newSerial(random.subarray(i * serialBytes, (i + 1) * serialBytes));
            labels.push(signLabel(run.prepare(serial), authority.signer));
          }
        }),
    },
    { rounds: 9 },
  );
  return [compare('sign a label in a run', 'labels/s', rates.ours, [rates.raw], 0.8)];
}
