/** How long a sign-in lasts when it is refreshed in time; then the password is needed again. */
export const sessionLifetime = 30 * 86_400_000;
/** Sign-ins of one person at a time; the oldest gives way. */
export const mostSessions = 20;

export interface SessionState {
  expiresAt: Date;
  revokedAt: Date | null;
}

/**
 * What a refresh token of a session is good for: the newest one for the next token; an older one shows that
 * two parties hold this session, so it ends for both; after its end none is good for anything.
 * @param newest whether it is the newest token of the session
 */
export function judgeRefresh(session: SessionState, newest: boolean, now: Date): 'rotate' | 'revoke' | 'refuse' {
  if (session.revokedAt !== null || session.expiresAt <= now) return 'refuse';
  return newest ? 'rotate' : 'revoke';
}
