import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError, uuid } from '#contracts';

/** What a refresh cookie holds: the session and the secret of the newest token of it. */
export interface RefreshToken {
  sessionId: string;
  secret: string;
}

export const newSecret = (): string => randomBytes(32).toString('base64url');
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
/** Whether the secret is the one of the stored hash; how long it takes says nothing about the hash. */
export const isSecretOf = (hash: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash));
export const formatRefreshToken = ({ sessionId, secret }: RefreshToken): string => `${sessionId}.${secret}`;

/** @throws {AppError} `unauthenticated` for anything that is not a refresh token */
export function parseRefreshToken(text: string | undefined): RefreshToken {
  const [sessionId = '', secret = '', ...rest] = (text ?? '').split('.');
  if (rest.length > 0 || !uuid.safeParse(sessionId).success || !/^[\w-]{43}$/.test(secret)) throw ended();
  return { sessionId, secret };
}

export const ended = (): AppError => new AppError('unauthenticated', 'the session has ended; sign in again');
