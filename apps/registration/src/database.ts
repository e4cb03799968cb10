import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { Envelope } from '#contracts';
import { Inbox, POOL, transact } from '#platform';
import { PrismaClient, type Prisma } from './generated/prisma/client.js';

/** A transaction of this service's database. */
export type Tx = Prisma.TransactionClient;

@Injectable()
export class Database extends PrismaClient implements OnApplicationShutdown {
  private readonly inbox = new Inbox<Tx>(this);

  constructor(@Inject(POOL) pool: Pool) {
    super({ adapter: new PrismaPg(pool) });
  }

  /** One use case: one transaction with its outbox entries and its Idempotency-Key. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return transact<Tx, T>(this, work);
  }

  /** One event: its effect, once. */
  once(event: Pick<Envelope, 'id'>, work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.inbox.once(event, work);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
