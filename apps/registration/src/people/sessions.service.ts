import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { CLOCK, LOG, type Clock, type Log } from '#platform';
import { Database, type Tx } from '../database.js';
import { normaliseLogin } from './login.rules.js';
import { Passwords } from './passwords.js';
import { toPerson } from './people.queries.js';
import type { Person, SignedIn, SignIn } from './person.schemas.js';
import { ended, formatRefreshToken, hashSecret, isSecretOf, newSecret, parseRefreshToken } from './refresh-token.js';
import { SessionKeys } from './session-keys.js';
import { judgeRefresh, mostSessions, sessionLifetime } from './session.rules.js';
import { SignInWindows } from './sign-in-windows.js';

/** What a sign-in gives: the answer, and the refresh token that goes into a cookie only. */
export interface OpenSession {
  answer: SignedIn;
  refreshToken: string;
  refreshUntil: Date;
}

/** Sessions take no part in Idempotency-Key: no answer with a token is ever stored. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    private readonly windows: SignInWindows,
    private readonly keys: SessionKeys,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Opens a session. Whether a login exists shows neither in the answer nor in the time that it takes.
   * @param address the client's, for the limit on failures
   */
  async signIn(input: SignIn, address: string): Promise<OpenSession> {
    const login = normaliseLogin(input.login);
    await this.windows.enter(login, address, this.now());
    const row = await this.db.person.findUnique({ where: { login } });
    const right = await this.passwords.matches(input.password, row?.passwordHash);
    if (row === null || !right) throw new AppError('unauthenticated', 'the login or the password is wrong');
    await this.windows.succeed(login, address);
    const secret = newSecret();
    const session = { id: randomUUID(), personId: row.id, tokenHash: hashSecret(secret) };
    const createdAt = this.now();
    const expiresAt = new Date(createdAt.getTime() + sessionLifetime);
    await this.db.$transaction(async (tx) => {
      await endOldest(tx, row.id, createdAt);
      await tx.session.create({ data: { ...session, createdAt, expiresAt } });
    });
    return this.opened(toPerson(row), session.id, secret, expiresAt);
  }

  /** Exchanges the newest refresh token for the next one; an older one ends the session for all who hold it. */
  async refresh(token: string | undefined): Promise<OpenSession> {
    const { sessionId, secret } = parseRefreshToken(token);
    const next = newSecret();
    const person = await this.db.$transaction(async (tx) => {
      const now = this.now();
      await tx.$executeRaw`SELECT 1 FROM session WHERE id = ${sessionId}::uuid FOR UPDATE`;
      const session = await tx.session.findUnique({ where: { id: sessionId }, include: { person: true } });
      if (session === null) return undefined;
      const judgement = judgeRefresh(session, isSecretOf(session.tokenHash, secret), now);
      const where = { id: sessionId };
      if (judgement === 'rotate') await tx.session.update({ where, data: { tokenHash: hashSecret(next) } });
      if (judgement === 'revoke') {
        await tx.session.update({ where, data: { revokedAt: now } });
        this.log.emit('warn', 'old refresh token used again, session revoked', { person: session.personId });
      }
      return judgement === 'rotate' ? { ...toPerson(session.person), until: session.expiresAt } : undefined;
    });
    if (person === undefined) throw ended();
    return this.opened(person, sessionId, next, person.until);
  }

  /** Ends the session of a refresh token, an old one too: whoever holds one may end it, and only holders know its id. */
  async end(token: string | undefined): Promise<void> {
    if (token === undefined) return;
    const { sessionId } = parseRefreshToken(token);
    await this.db.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: this.now() } });
  }

  private async opened(person: Person, sessionId: string, secret: string, until: Date): Promise<OpenSession> {
    const { id, role, organisationId, login } = person;
    const token = await this.keys.sign(person, this.now());
    return {
      answer: { ...token, person: { id, role, organisationId, login } },
      refreshToken: formatRefreshToken({ sessionId, secret }),
      refreshUntil: until,
    };
  }
}

/** Removes a person's sessions that are over, and the oldest ones beyond the number that one may have. */
async function endOldest(tx: Tx, personId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM session WHERE person_id = ${personId}::uuid AND (
      expires_at <= ${now} OR revoked_at IS NOT NULL OR id NOT IN (
        SELECT id FROM session WHERE person_id = ${personId}::uuid
        ORDER BY created_at DESC LIMIT ${mostSessions - 1}))`;
}
