import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { CONFIG } from '#platform';
import type { Config } from '../config.js';
import { Database } from '../database.js';

const windowMilliseconds = 15 * 60_000;
/** Failed attempts within one window; after them the login or the address waits until the window ends. */
const mostByLogin = 10;
const mostByAddress = 100;
/** Rows whose window is over are removed a few at each attempt, so the table never outgrows one window. */
const sweep = 20;

interface Window {
  key: string;
  attempts: number;
  startedAt: Date;
}

/**
 * Counts attempts to sign in by login and by address, in the database: for all processes together and with no
 * memory that grows. Keys are hashes under SESSION_SECRET, so no login and no address is stored.
 * Unknown logins are counted like known ones, so that nothing tells them apart.
 */
@Injectable()
export class SignInWindows {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Counts one attempt before the password is looked at, so that attempts at once cannot get past the limit.
   * @throws {AppError} `rate-limited`
   */
  async enter(login: string, address: string, now: Date): Promise<void> {
    await this.removeOld(now);
    const byLogin = this.keyOf('login', login);
    for (const { key, attempts, startedAt } of await this.count([byLogin, this.addressKey(address)], now)) {
      if (attempts <= (key === byLogin ? mostByLogin : mostByAddress)) continue;
      const minutes = Math.ceil((startedAt.getTime() + windowMilliseconds - now.getTime()) / 60_000);
      throw new AppError('rate-limited', `too many failed attempts to sign in; try again in ${minutes} minutes`);
    }
  }

  /** Takes a successful attempt back: only failures count. */
  async succeed(login: string, address: string): Promise<void> {
    await this.db.$executeRaw`DELETE FROM sign_in_window WHERE key = ${this.keyOf('login', login)}`;
    await this.db.$executeRaw`
      UPDATE sign_in_window SET attempts = GREATEST(attempts - 1, 0) WHERE key = ${this.addressKey(address)}`;
  }

  private async count(keys: string[], now: Date): Promise<Window[]> {
    const over = new Date(now.getTime() - windowMilliseconds);
    return this.db.$queryRaw<Window[]>`
      INSERT INTO sign_in_window (key, started_at, attempts)
      SELECT key, ${now}::timestamptz, 1 FROM unnest(${keys}::text[]) AS key ORDER BY key
      ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN sign_in_window.started_at <= ${over}::timestamptz THEN 1
                        ELSE LEAST(sign_in_window.attempts + 1, 1000000) END,
        started_at = CASE WHEN sign_in_window.started_at <= ${over}::timestamptz THEN ${now}::timestamptz
                          ELSE sign_in_window.started_at END
      RETURNING key, attempts, started_at AS "startedAt"`;
  }

  private async removeOld(now: Date): Promise<void> {
    const over = new Date(now.getTime() - windowMilliseconds);
    await this.db.$executeRaw`
      DELETE FROM sign_in_window WHERE key IN (
        SELECT key FROM sign_in_window WHERE started_at <= ${over}::timestamptz
        ORDER BY started_at LIMIT ${sweep} FOR UPDATE SKIP LOCKED)`;
  }

  private addressKey(address: string): string {
    return this.keyOf('address', networkOf(address));
  }

  private keyOf(kind: string, value: string): string {
    return createHmac('sha256', this.config.SESSION_SECRET).update(`${kind} ${value}`).digest('base64url');
  }
}

/** An IPv4 address itself; of an IPv6 address the /64, which is what one subscriber has. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...(address.includes('::') ? zeros : []), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
