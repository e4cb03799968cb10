import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppError } from '#contracts';
import {
  fileSigner,
  openKey,
  sealKey,
  Token,
  TokenFault,
  type AnySigner,
  type Signer,
  type TokenPlace,
} from '#pki/sign';
import { CONFIG, ConfigError, LOG, newId, type Log } from '#platform';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';

/**
 * The private keys: each sealed in the database and open only in this process's memory, or in a PKCS#11 token and
 * nowhere else. New ones are made where KEY_CUSTODY says; both kinds sign beside each other.
 */
@Injectable()
export class Keyring implements OnModuleInit, OnApplicationShutdown {
  private readonly open = new Map<string, Signer>();
  private token: Token | undefined;

  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Opens the token and tries the key-encryption key, so that a wrong secret ends the start and not a print run.
   * @throws {ConfigError} naming the variable that is wrong
   */
  async onModuleInit(): Promise<void> {
    const { tokenPlace } = this.config;
    if (tokenPlace !== undefined) this.token = await openConfigured(tokenPlace);
    try {
      const newest = {
        where: { sealed: { not: null } },
        orderBy: { createdAt: 'desc' },
        select: { id: true },
      } as const;
      const key = await this.db.signingKey.findFirst(newest);
      if (key !== null) await this.signer(this.db, key.id);
    } catch (error) {
      if (error instanceof AppError) throw new ConfigError(`KEY_ENCRYPTION_KEY: ${error.message}`, { cause: error });
      this.log.emit('warn', 'the key-encryption key could not be tried', {}, error);
    }
  }

  onApplicationShutdown(): void {
    this.token?.close();
  }

  /** Makes a P-256 key in the custody of new keys, stores what finds it again, and gives its id. */
  async create(tx: Tx, now: Date): Promise<string> {
    const id = newId(now);
    const made = this.config.KEY_CUSTODY === 'pkcs11' ? await this.makeInToken(id) : this.makeSealed(id);
    const { publicKey, ...custody } = made;
    const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
    await tx.signingKey.create({ data: { id, ...custody, publicKey: spki, createdAt: now } });
    return id;
  }

  /**
   * The signer behind a stored key. A sealed one is kept open, since opening it for each signature would be many times
   * slower; one in the token is looked up each time, so that a token that is away is noticed before labels are promised.
   * @throws {AppError} `unavailable` when the key-encryption key does not open it, or the token does not answer
   */
  async signer(tx: Tx, keyId: string): Promise<AnySigner> {
    const known = this.open.get(keyId);
    if (known !== undefined) return known;
    const { sealed, token, ckaId, publicKey } = await tx.signingKey.findUniqueOrThrow({ where: { id: keyId } });
    if (sealed === null || ckaId !== null) {
      const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
      return this.tokenNamed(token).signer({ id: Buffer.from(ckaId ?? []), publicKey: key });
    }
    const signer = fileSigner(unseal(sealed, this.config.keyEncryptionKey, keyId));
    this.open.set(keyId, signer);
    return signer;
  }

  private makeSealed(id: string): { sealed: string; publicKey: KeyObject } {
    const { keyEncryptionKey } = this.config;
    if (keyEncryptionKey === undefined)
      throw new AppError('unavailable', 'there is no KEY_ENCRYPTION_KEY to seal with');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { sealed: sealKey(privateKey, keyEncryptionKey, id), publicKey };
  }

  private async makeInToken(id: string) {
    const token = this.tokenNamed(null);
    const { id: ckaId, publicKey } = await token.generate(`ovop-${id}`);
    return { token: token.label, ckaId: Uint8Array.from(ckaId), publicKey };
  }

  /** The token that is configured, provided that it is the one of this label. */
  private tokenNamed(label: string | null): Token {
    if (this.token === undefined)
      throw new AppError('unavailable', 'a signing key is in a PKCS#11 token, and no PKCS11_LIBRARY is configured');
    if (label !== null && this.token.label !== label)
      throw new AppError('unavailable', 'a signing key is in another PKCS#11 token than the one that is configured');
    return this.token;
  }
}

function unseal(sealed: string, keyEncryptionKey: Buffer | undefined, keyId: string): KeyObject {
  if (keyEncryptionKey === undefined)
    throw new AppError('unavailable', 'a signing key is sealed, and no KEY_ENCRYPTION_KEY is given');
  try {
    return openKey(sealed, keyEncryptionKey, keyId);
  } catch (error) {
    throw new AppError('unavailable', 'a signing key cannot be opened with the KEY_ENCRYPTION_KEY given', [], error);
  }
}

const variables = { library: 'PKCS11_LIBRARY', token: 'PKCS11_TOKEN or PKCS11_SLOT', pin: 'PKCS11_PIN' } as const;

async function openConfigured(place: TokenPlace): Promise<Token> {
  try {
    return await Token.open(place);
  } catch (error) {
    if (!(error instanceof TokenFault)) throw error;
    throw new ConfigError(`the environment is not usable:\n  ${variables[error.part]}: ${error.message}`, {
      cause: error,
    });
  }
}
