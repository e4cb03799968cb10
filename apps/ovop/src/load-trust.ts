import { readFile } from 'node:fs/promises';
import type { TrustStore } from '#label';
import { createTrustStore, openBundle, readCertificates, readCrls, type OpenBundle } from '#pki';
import type { TrustSource } from './arguments.js';
import { UsageError } from './usage.js';

/** Trust data ready for use, and what the person at the keyboard must be told about them. */
export interface LoadedTrust {
  readonly store: TrustStore;
  readonly note?: string;
}

/** Reads a file, or says which one could not be read and why. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path} can not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function read<T>(path: string, decode: (file: Uint8Array) => T): Promise<T> {
  const file = await readInput(path);
  try {
    return decode(file);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Decodes several files, in their order; says which one could not be. */
export async function readAll<T>(paths: readonly string[], decode: (file: Uint8Array) => T[]): Promise<T[]> {
  const found: T[] = [];
  for (const path of paths) found.push(...(await read(path, decode)));
  return found;
}

/** Loads trust from a bundle or from loose files. No network. */
export async function loadTrust(source: TrustSource): Promise<LoadedTrust> {
  const roots = await readAll(source.roots, readCertificates);
  if (source.kind === 'files') {
    const certificates = await readAll(source.certificates, readCertificates);
    const crls = await readAll(source.crls, readCrls);
    return { store: createTrustStore({ roots, certificates, crls, hosts: source.hosts }) };
  }
  const pinnedKeys = roots.length === 0 ? ('first-use' as const) : new Set(roots.map(({ keyHash }) => keyHash));
  const bundle = await read(source.file, (file) => openBundle(Buffer.from(file).toString('latin1'), { pinnedKeys }));
  const store = createTrustStore(bundle);
  if (pinnedKeys !== 'first-use') return { store };
  return { store, note: firstUseNote(bundle) };
}

/** What must be said where the roots of the bundle itself were believed. */
export function firstUseNote({ pinnedKeys }: OpenBundle): string {
  const hashes = [...pinnedKeys].join(', ');
  return `Without --roots the bundle's own roots are trusted on first use. Compare their key hashes (SHA-256) with the issuer's: ${hashes}`;
}
