import { join } from 'node:path';
import { createPathValidator, parseCertificate, parseCrl, readCertificates, reasonCodes, type Certificate } from '#pki';
import type { Crl, RevocationReason } from '#pki';
import { createCrl, fileSigner, unlockKey, type Revocation } from '#pki/sign';
import { readOptions } from '../options.js';
import type { Terminal } from '../terminal.js';
import { readAll, readInput } from '../load-trust.js';
import { replaceFile } from '../replace-file.js';
import { UsageError } from '../usage.js';
import { rootCrlDays } from './ceremony.js';
import { givenPassphrase } from './secret.js';

/**
 * `ovop pki crl`: the next CRL of the offline root, with everything that the last one revokes and what is revoked now.
 * It is written over `root.crl` in the folders root and service, each whole or not at all.
 */
export async function issueRootCrl(args: readonly string[], terminal: Terminal): Promise<number> {
  const values = parse(args);
  const { dir: directory, reason = 'unspecified' } = values;
  if (directory === undefined) throw new UsageError('--dir DIR is missing: where the authority is.');
  if (!isReason(reason)) throw new UsageError(`--reason ${reason}: known are ${Object.keys(reasonCodes).join(', ')}.`);
  const now = new Date(Math.floor(terminal.now().getTime() / 1000) * 1000);
  const revoke = await readAll(values.revoke, readCertificates);
  const keyFile = Buffer.from(await readInput(join(directory, 'root/root-key.json'))).toString('utf8');
  const certificate = parseCertificate(await readInput(join(directory, 'root/root.der')));
  const last = parseCrl(await readInput(join(directory, 'root/root.crl')));
  const revocations = [
    ...revokedBy(certificate, last),
    ...revoke.map((one) => revocationOf(one, certificate, now, reason)),
  ];
  const passphrase = await givenPassphrase(values['passphrase-file'], terminal);
  const signer = fileSigner(await unlockKey(keyFile, passphrase, 'root'));
  const number = (last.number ?? 0n) + 1n;
  const nextUpdate = new Date(now.getTime() + rootCrlDays * 86_400_000);
  const { der } = createCrl({ certificate, signer }, { number, thisUpdate: now, nextUpdate, revocations });
  // The root's own copy first: a number is never given twice.
  for (const folder of ['root', 'service']) await replaceFile(join(directory, folder, 'root.crl'), der, 0o600);
  terminal.out(
    `CRL ${number} of ${certificate.subjectText}: ${revocations.length} revoked, next by ${nextUpdate.toISOString()}\n`,
  );
  return 0;
}

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    options: {
      dir: { type: 'string' },
      revoke: { type: 'string', multiple: true, default: [] as string[] },
      reason: { type: 'string' },
      'passphrase-file': { type: 'string' },
    },
  }).values;
}

const isReason = (text: string): text is RevocationReason => Object.hasOwn(reasonCodes, text);

function revokedBy(root: Certificate, crl: Crl): Revocation[] {
  const numbers = createPathValidator({ roots: [root], certificates: [], crls: [crl] }).crlNumbers();
  if (!numbers.has(root.keyHash)) throw new UsageError('root/root.crl is not signed by the key of root/root.der.');
  return [...crl.revoked].map(([serialNumber, entry]) => ({ serialNumber, ...entry }));
}

function revocationOf(one: Certificate, root: Certificate, revokedAt: Date, reason: RevocationReason): Revocation {
  if (one.issuer !== root.subject || one.fingerprint === root.fingerprint)
    throw new UsageError(`The root revokes what it issued; it did not issue ${one.subjectText}.`);
  return { serialNumber: one.serialNumber, revokedAt, reason };
}
