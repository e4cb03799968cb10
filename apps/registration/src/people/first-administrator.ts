import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, CONFIG, LOG, newId, type Clock, type Log } from '#platform';
import type { Config } from '../config.js';
import { Database } from '../database.js';
import { normaliseLogin } from './login.rules.js';
import { Passwords } from './passwords.js';
import { takeTurns } from './startup.queries.js';

/** Enters the administrator of ADMIN_LOGIN when there is none yet; later starts change nothing. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { ADMIN_LOGIN, ADMIN_PASSWORD } = this.config;
    if (ADMIN_LOGIN === undefined || ADMIN_PASSWORD === undefined || (await this.exists(this.db))) return;
    const passwordHash = await this.passwords.hash(ADMIN_PASSWORD);
    await this.db.$transaction(async (tx) => {
      await takeTurns(tx);
      if (await this.exists(tx)) return;
      const now = this.now();
      const person = { id: newId(now), login: normaliseLogin(ADMIN_LOGIN), role: 'administrator', createdAt: now };
      const { count } = await tx.person.createMany({ data: { ...person, passwordHash }, skipDuplicates: true });
      if (count === 0) throw new Error('ADMIN_LOGIN is the login of somebody who is no administrator');
      this.log.info('first administrator entered');
    });
  }

  private async exists(db: Pick<Database, 'person'>): Promise<boolean> {
    return (await db.person.findFirst({ where: { role: 'administrator' }, select: { id: true } })) !== null;
  }
}
