import { generateKeyPairSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { fileSigner, openKey, sealKey, type Signer } from '#pki/sign';
import { CONFIG, newId } from '#platform';
import type { Config } from '../config.js';
import type { Tx } from '../database.js';

/** The private keys: sealed in the database, open only in this process's memory. */
@Injectable()
export class Keyring {
  private readonly open = new Map<string, Signer>();

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Makes a P-256 key, stores it sealed, and gives its id. */
  async create(tx: Tx, now: Date): Promise<string> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = newId(now);
    const sealed = sealKey(privateKey, this.config.keyEncryptionKey, id);
    const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
    await tx.signingKey.create({ data: { id, sealed, publicKey: spki, createdAt: now } });
    return id;
  }

  /**
   * The signer behind a stored key. It is kept open, since opening a key for each signature would be many times slower.
   * @throws {AppError} `unavailable` when the key-encryption key does not open it
   */
  async signer(tx: Tx, keyId: string): Promise<Signer> {
    const known = this.open.get(keyId);
    if (known !== undefined) return known;
    const { sealed } = await tx.signingKey.findUniqueOrThrow({ where: { id: keyId } });
    const signer = fileSigner(unseal(sealed, this.config.keyEncryptionKey, keyId));
    this.open.set(keyId, signer);
    return signer;
  }
}

function unseal(sealed: string, keyEncryptionKey: Buffer, keyId: string): ReturnType<typeof openKey> {
  try {
    return openKey(sealed, keyEncryptionKey, keyId);
  } catch (error) {
    throw new AppError('unavailable', 'a signing key cannot be opened with the KEY_ENCRYPTION_KEY given', [], error);
  }
}
