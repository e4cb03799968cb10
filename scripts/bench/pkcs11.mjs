import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSerial } from '#label';
import { signLabel, Token } from '../../dist/libs/pki/src/sign/index.js';
import { whyNoSoftHsm } from '../lib/tools.mjs';
import { anySerial, makeAuthority, openRun } from './authority.mjs';
import { compare, interleave, rateOf, report } from './measure.mjs';

const count = 2000;
const slice = 100;
const serialBytes = 7;
const pin = '1234';
const libraries = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm2.so', '/usr/lib64/libsofthsm2.so'];

/** Labels a second with a key in SoftHSM2, against the bare signature of the same bytes by the same library. */
export async function benchPkcs11() {
  const why = whyNoSoftHsm();
  if (why) return [report('sign through SoftHSM2', `skipped: ${why}`)];
  const folder = mkdtempSync(join(tmpdir(), 'ovop-bench-token-'));
  try {
    return await measure(makeToken(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeToken(folder) {
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  writeFileSync(process.env.SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`);
  const pins = ['--so-pin', '87654321', '--pin', pin];
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'bench', ...pins], { stdio: 'pipe' });
  return { library: libraries.find(existsSync) ?? 'libsofthsm2.so', token: 'bench', pin };
}

async function measure(place) {
  const token = await Token.open(place);
  const key = await token.generate('bench');
  const signer = token.signer(key);
  const run = openRun(makeAuthority());
  const raw = await rawSigner(place, key, run.prepare(anySerial()).input);
  try {
    const ours = () => rateOf(count, () => signLabels(run, signer));
    const rates = await interleave({ raw: () => rateOf(count, raw), ours }, { rounds: 7 });
    return [compare('sign a label through SoftHSM2', 'labels/s', rates.ours, [rates.raw])];
  } finally {
    token.close();
  }
}

async function signLabels(run, signer) {
  for (let from = 0; from < count; from += slice) {
    const random = randomBytes(slice * serialBytes);
    const prepared = Array.from({ length: slice }, (_, i) =>
      run.prepare(newSerial(random.subarray(i * serialBytes, (i + 1) * serialBytes))),
    );
    await Promise.all(prepared.map((label) => signLabel(label, signer)));
  }
}

/** The library's own rate: hash and sign, one after the other, in one session. */
async function rawSigner({ library, token }, key, input) {
  const { default: pkcs11 } = await import('graphene-pk11');
  const slots = pkcs11.Module.load(library, 'raw').getSlots(true);
  const indexes = Array.from({ length: slots.length }, (_, index) => index);
  const slot = slots.items(indexes.find((index) => slots.items(index).getToken().label.trimEnd() === token));
  const session = slot.open(4);
  const found = session.find({ class: pkcs11.ObjectClass.PRIVATE_KEY, id: key.id }).items(0).toType();
  return () => {
    for (let i = 0; i < count; i++)
      session.createSign('ECDSA', found).once(createHash('sha256').update(input).digest());
  };
}
