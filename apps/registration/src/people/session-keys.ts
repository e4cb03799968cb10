import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey } from 'jose';
import { z } from 'zod';
import { CLOCK, CONFIG, LOG, sessionClaims, tokenIssuer, type Clock, type Log } from '#platform';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';
import { jwks as jwksSchema, type Jwks, type Person } from './person.schemas.js';
import { seal, unseal } from './seal.js';
import { takeTurns } from './startup.queries.js';

const tokenLifetime = 15 * 60_000;
const keyLifetime = 180 * 86_400_000;
/** Tokens live for minutes: the key before the newest is only needed that long. */
const publishedKeys = 3;

const privateJwk = z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), d: z.string() });

interface SigningKey {
  kid: string;
  key: CryptoKey;
}

/**
 * The key that session tokens are signed with (ES256). Its private half is kept in the database, sealed with
 * AES-256-GCM under SESSION_SECRET; every process uses the newest one. It is replaced at the first start
 * after half a year, or when SESSION_SECRET no longer opens it: then everybody signs in or refreshes once.
 */
@Injectable()
export class SessionKeys implements OnModuleInit {
  private signing: SigningKey | undefined;

  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    this.signing = await this.db.$transaction(async (tx) => {
      await takeTurns(tx);
      return (await this.newest(tx)) ?? (await this.create(tx));
    });
  }

  /** A token for the person, with the claims that every service reads. */
  async sign(person: Omit<Person, 'createdAt'>, now: Date): Promise<{ accessToken: string; expiresAt: string }> {
    if (this.signing === undefined) throw new Error('session keys are used before they are loaded');
    const expires = new Date(now.getTime() + tokenLifetime);
    const { role, organisationId: org, country } = person;
    const { sub, ...claims } = sessionClaims.parse({ sub: person.id, role, org, country });
    const accessToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: this.signing.kid, typ: 'JWT' })
      .setIssuer(tokenIssuer)
      .setSubject(sub)
      .setIssuedAt(now)
      .setExpirationTime(expires)
      .sign(this.signing.key);
    return { accessToken, expiresAt: expires.toISOString() };
  }

  /** The public keys, newest first. */
  async published(): Promise<Jwks> {
    const rows = await this.db.sessionKey.findMany({ orderBy: { createdAt: 'desc' }, take: publishedKeys });
    return jwksSchema.parse({ keys: rows.map(({ publicJwk }) => publicJwk) });
  }

  private async newest(tx: Tx): Promise<SigningKey | undefined> {
    const row = await tx.sessionKey.findFirst({ orderBy: { createdAt: 'desc' } });
    if (row === null || row.createdAt.getTime() + keyLifetime < this.now().getTime()) return undefined;
    try {
      const jwk = privateJwk.parse(JSON.parse(unseal(row.sealedPrivateJwk, this.config.SESSION_SECRET, row.kid)));
      return { kid: row.kid, key: await importPrivate(jwk) };
    } catch (error) {
      this.log.emit('warn', 'SESSION_SECRET does not open the session key; a new key is made', { kid: row.kid }, error);
      return undefined;
    }
  }

  private async create(tx: Tx): Promise<SigningKey> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const publicHalf = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicHalf);
    const { kty, crv, x, y } = publicHalf;
    const sealed = seal(JSON.stringify(await exportJWK(pair.privateKey)), this.config.SESSION_SECRET, kid);
    await tx.sessionKey.create({
      data: {
        kid,
        publicJwk: {
          kty,
          crv,
          x,
          y,
          kid,
          alg: 'ES256',
          use: 'sig',
        },
        sealedPrivateJwk: Uint8Array.from(sealed),
        createdAt: this.now(),
      },
    });
    return { kid, key: pair.privateKey };
  }
}

async function importPrivate(jwk: z.infer<typeof privateJwk>): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256');
  if (key instanceof Uint8Array) throw new Error('the session key is not an EC key');
  return key;
}
