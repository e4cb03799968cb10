import { Body, Controller, Get, Inject, Injectable, Module, Post } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AppError, PlaceRecorded, ScansRecorded, type Envelope, type EventOf, type Place } from '#contracts';
import {
  CLOCK,
  Inbox,
  newId,
  On,
  POOL,
  Public,
  publish,
  sqlOf,
  transact,
  type Clock,
  type ServiceConfig,
  type ServiceDefinition,
  type Sql,
  type Transactional,
} from '#platform';

const note = z.strictObject({ text: z.string().min(1).max(100), copies: z.int().min(0).max(1000).default(1) });

/** Transactions over the bare pool: the platform asks no more of a database than this. */
@Injectable()
export class Notes implements Transactional<Sql> {
  private readonly inbox = new Inbox<Sql>(this);

  constructor(@Inject(POOL) readonly pool: Pool) {}

  async $transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(sqlOf(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  write<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    return transact<Sql, T>(this, work);
  }

  once(event: Pick<Envelope, 'id'>, work: (tx: Sql) => Promise<void>): Promise<void> {
    return this.inbox.once(event, work);
  }
}

/** A place whose name carries what a test wants to see happen. */
export const placeNamed = (name: string): Place => ({
  ...{ id: newId(new Date()), country: 'KG', level: 4, type: 'ayyl', parentId: null, codeSystem: null, code: null },
  ...{ names: { en: name }, aliases: [], latitude: null, longitude: null, altitudeMetres: null },
  ...{ validFrom: null, validTo: null },
});

@Controller('notes')
@Public(true)
class NotesController {
  constructor(
    private readonly notes: Notes,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Post()
  add(@Body({ schema: note }) { text, copies }: z.infer<typeof note>): Promise<{ id: string }> {
    return this.notes.write(async (tx) => {
      const id = newId(this.now());
      await tx.$executeRaw`INSERT INTO note (id, text) VALUES (${id}::uuid, ${text})`;
      for (let copy = 0; copy < copies; copy++)
        await publish(tx, PlaceRecorded, id, { place: placeNamed(`${text} ${copy}`) }, this.now());
      if (text === 'fail late') throw new AppError('conflict', 'refused after the work');
      return { id };
    });
  }

  @Get('bug')
  bug(): never {
    throw new TypeError('the secret of the bug');
  }
}

/** For whoever is signed in. */
@Controller('closed')
class ClosedController {
  @Post()
  write(): object {
    return {};
  }
}

/** What the handlers did, in the order in which they did it, and how they should fail. */
export class Handled {
  readonly names: string[] = [];
  attempts = 0;
  failures: ('unavailable' | 'bug')[] = [];
}

@Controller()
class NotesConsumer {
  constructor(
    private readonly notes: Notes,
    private readonly handled: Handled,
  ) {}

  @On(PlaceRecorded)
  async placed(event: EventOf<typeof PlaceRecorded>): Promise<void> {
    this.handled.attempts++;
    const name = event.data.place.names.en ?? '';
    if (name.startsWith('poison')) throw new AppError('invalid', 'this place is poison');
    if (name.startsWith('always buggy')) throw new TypeError('a bug');
    const failure = name.startsWith('flaky') ? this.handled.failures.shift() : undefined;
    if (failure === 'unavailable') throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    if (failure === 'bug') throw new TypeError('a bug');
    await this.notes.once(event, async (tx) => {
      await tx.$executeRaw`INSERT INTO handled (event_id, name) VALUES (${event.id}::uuid, ${name})`;
      this.handled.names.push(name);
    });
  }

  @On(ScansRecorded)
  async scanned(event: EventOf<typeof ScansRecorded>): Promise<void> {
    this.handled.names.push(`${event.data.scans.length} scans`);
  }
}

/** A small service with a table of notes and one of what was handled, to test the platform with. */
export function sampleService(handled: Handled): ServiceDefinition<ServiceConfig> {
  @Module({
    controllers: [NotesController, ClosedController, NotesConsumer],
    providers: [Notes, { provide: Handled, useValue: handled }],
  })
  class SampleModule {}
  return { name: 'registration', module: () => SampleModule };
}

export const sampleTables = `
  CREATE TABLE note (id uuid PRIMARY KEY, text text NOT NULL);
  CREATE TABLE handled (seq bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, name text NOT NULL)`;
