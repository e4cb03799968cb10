import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError, countries, type Country } from '#contracts';
import { isHost } from '#label';
import { lockKey } from '#pki/sign';
import { readOptions } from '../options.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage.js';
import { makeAuthority, type CeremonyRequest, type Member, type NewAuthority } from './ceremony.js';
import { writeRecord } from './record.js';
import { newPassphrase } from './secret.js';

/**
 * `ovop pki init`, the key ceremony: a folder with the offline root, one with what the labeling service gets, and the
 * record. The folder appears whole or not at all; one that is there is never touched.
 */
export async function init(args: readonly string[], terminal: Terminal): Promise<number> {
  const values = parse(args);
  if (values.dir === undefined) throw new UsageError('--dir DIR is missing: where the authority goes.');
  const directory = resolve(values.dir);
  const request = readRequest(values, terminal.now());
  if (existsSync(directory)) throw new UsageError(`${directory} is there already; an authority is never overwritten.`);
  if (existsSync(`${directory}.new`))
    throw new UsageError(`${directory}.new is there, from a ceremony that was interrupted. Delete it and begin again.`);
  const rootFile = values['passphrase-file'];
  const passphrase = await newPassphrase(rootFile, 'passphrase-file', terminal);
  const serviceFile = values['service-passphrase-file'];
  const servicePassphrase =
    serviceFile === undefined ? passphrase : await newPassphrase(serviceFile, 'service-passphrase-file', terminal);
  const authority = make(request);
  const command = `ovop pki init ${args.join(' ')}`;
  const record = writeRecord(authority, request.now, command);
  await writeWhole(directory, await filesOf(authority, passphrase, servicePassphrase, record));
  terminal.out(`${record}\nWritten to ${directory}\n`);
  return 0;
}

const list = { type: 'string', multiple: true, default: [] as string[] } as const;

function parse(args: readonly string[]) {
  return readOptions({
    args: [...args],
    options: {
      dir: { type: 'string' },
      host: list,
      'gtin-prefix': { type: 'string' },
      countries: list,
      organisation: { type: 'string', default: 'OVOP' },
      demo: { type: 'boolean', default: false },
      'passphrase-file': { type: 'string' },
      'service-passphrase-file': { type: 'string' },
    },
  }).values;
}

const split = (items: readonly string[]): string[] => items.flatMap((item) => item.split(',')).filter(Boolean);
const isCountry = (text: string): text is Country => countries.some((country) => country === text);

function readRequest(values: ReturnType<typeof parse>, now: Date): CeremonyRequest {
  const [host, ...hosts] = split(values.host);
  if (host === undefined) throw new UsageError('--host HOST is missing: the host names that labels may carry.');
  const wrong = [host, ...hosts].find((name) => !isHost(name));
  if (wrong !== undefined) throw new UsageError(`--host ${wrong}: not a lower-case host name.`);
  const gtinPrefix = values['gtin-prefix'] ?? '';
  if (!/^\d{3,12}$/.test(gtinPrefix)) throw new UsageError('--gtin-prefix needs 3 to 12 digits.');
  const chosen = values.countries.length === 0 ? [...countries] : [...new Set(split(values.countries))];
  const strange = chosen.find((country) => !isCountry(country));
  if (strange !== undefined) throw new UsageError(`--countries ${strange}: known are ${countries.join(', ')}.`);
  const { organisation, demo } = values;
  return { organisation, demo, now, gtinPrefix, hosts: [host, ...hosts], countries: chosen.filter(isCountry) };
}

/** What can not be put into a certificate, such as too long a name, is a mistake of whoever typed it. */
function make(request: CeremonyRequest): NewAuthority {
  try {
    return makeAuthority(request);
  } catch (error) {
    if (error instanceof AppError || error instanceof RangeError)
      throw new UsageError(`The certificates can not be made: ${error.message}.`);
    throw error;
  }
}

type Files = Readonly<Record<string, string | Uint8Array>>;

async function filesOf(
  { root, service }: NewAuthority,
  passphrase: string,
  servicePassphrase: string,
  record: string,
): Promise<Files> {
  const files: Record<string, string | Uint8Array> = { 'ceremony.txt': record };
  Object.assign(files, {
    'root/root-key.json': await lockKey(root.privateKey, passphrase, root.slot),
    'root/root.pem': toPem(root.certificate.der),
  });
  for (const folder of ['root', 'service']) Object.assign(files, published(folder, root));
  for (const member of service) {
    Object.assign(files, published('service', member));
    files[`service/${member.name}-key.json`] = await lockKey(member.privateKey, servicePassphrase, member.slot);
  }
  return files;
}

function published(folder: string, { name, certificate, crl }: Member): Files {
  return {
    [`${folder}/${name}.der`]: certificate.der,
    ...(crl === undefined ? {} : { [`${folder}/${name}.crl`]: crl.der }),
  };
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Written beside its place and renamed, so that half an authority is never found there. */
async function writeWhole(directory: string, files: Files): Promise<void> {
  const temporary = `${directory}.new`;
  const fail = (error: unknown): UsageError =>
    new UsageError(`${directory} can not be written: ${error instanceof Error ? error.message : String(error)}`);
  await mkdir(temporary, { mode: 0o700 }).catch((error: unknown) => {
    throw fail(error);
  });
  try {
    for (const folder of ['root', 'service']) await mkdir(join(temporary, folder), { mode: 0o700 });
    for (const [name, content] of Object.entries(files))
      await writeFile(join(temporary, name), content, { mode: 0o600, flag: 'wx', flush: true });
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw fail(error);
  }
}
