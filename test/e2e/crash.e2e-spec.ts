import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs';
import { Client as Database } from 'pg';
import { z } from 'zod';
import { LabelsIssued, services } from '#contracts';
import { client, type Answer, type Client } from '../support/client.js';
import { labelsOf, makeBatch, printRun, type Made } from '../support/journey.js';
import { describeWith } from '../support/require.js';
import { modes, root, startStack, type Mode, type Stack } from '../support/stack.js';

const startMilliseconds = 300_000;
const runs = 20;
const labelsPerRun = 100;

/** A process is killed in every so many orders; starting all of them again takes longer than one. */
const every: Record<Mode, number> = { distributed: 2, standalone: 7 };
/** Which processes there are to kill: a service each, or the one that holds them all. */
const victims: Record<Mode, readonly string[]> = { distributed: services, standalone: ['all'] };

describe.each(modes)('processes that die, %s', (mode) => {
  describeWith(mode === 'distributed' ? 'kafka' : [], 'and what they leave', () => {
    let stack: Stack;
    let api: Client;
    let made: Made;
    const databases = new Map<string, Database>();

    beforeAll(async () => {
      stack = await startStack(mode);
      api = client(stack);
      made = await makeBatch(api, runs * labelsPerRun);
    }, startMilliseconds);
    afterAll(async () => {
      await closeDatabases();
      await stack?.stop();
    });

    const closeDatabases = async (): Promise<void> => {
      for (const database of databases.values()) await database.end().catch(() => undefined);
      databases.clear();
    };
    const rows = async (service: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
      const open = databases.get(service) ?? new Database({ connectionString: stack.databases[service] });
      if (!databases.has(service)) {
        open.on('error', () => databases.delete(service));
        await open.connect();
        databases.set(service, open);
      }
      return (await open.query(sql, values)).rows;
    };
    const count = async (service: string, sql: string, values: unknown[] = []): Promise<number> =>
      Number((await rows(service, `SELECT count(*) AS n FROM ${sql}`, values))[0]?.['n']);
    const eventually = async (probe: () => Promise<boolean>): Promise<void> => {
      while (!(await probe().catch(() => false))) await sleep(100);
    };
    /** A client that does not give up: the same request with the same key until it is answered. */
    const persist = async (path: string, body: unknown): Promise<Answer> => {
      const key = { 'idempotency-key': randomUUID() };
      for (;;) {
        const answer = await api.request('POST', path, body, key).catch(() => undefined);
        if (answer !== undefined && answer.status < 500 && answer.status !== 404) return answer;
        await sleep(100);
      }
    };
    const settled = async (): Promise<boolean> => {
      for (const service of services) if ((await count(service, 'outbox')) > 0) return false;
      return true;
    };

    it('lose no label and double none', async () => {
      const orders: string[] = [];
      let kills = 0;
      for (let order = 0; order < runs; order++) {
        const body = { batchId: made.batchId, count: labelsPerRun };
        const answer = persist('/api/labeling/print-runs', body);
        // In the middle of this order, and of whatever the earlier ones still have to do.
        if (order % every[mode] === 1) await stack.kill(victims[mode][kills++ % victims[mode].length] ?? '');
        orders.push(printRun.parse(JSON.parse((await answer).text)).id);
      }
      await closeDatabases();
      const total = runs * labelsPerRun;
      await eventually(async () => (await count('labeling', 'label WHERE gtin = $1', [made.product.gtin])) === total);
      await eventually(async () => (await count('resolver', 'label WHERE gtin = $1', [made.product.gtin])) === total);
      await eventually(settled);
      expect(new Set(orders).size).toBe(runs);
      const uris: string[] = [];
      for (const id of orders) uris.push(...(await labelsOf(api, id)));
      expect(new Set(uris).size).toBe(total);
      expect(await deadLetterCount()).toBe(0);
    }, 240_000);

    it('leave a label that verifies', async () => {
      const { items } = await api.get(
        `/api/labeling/print-runs?batchId=${made.batchId}`,
        z.object({ items: z.array(printRun) }),
      );
      const [uri = ''] = await labelsOf(api, items[0]?.id ?? '');
      await eventually(async () => {
        const { text } = await api.request('GET', `/api/verify?uri=${encodeURIComponent(uri)}`);
        return JSON.parse(text).verdict === 'VALID';
      });
    });

    it('change nothing when every label event comes again', async () => {
      const before = await resolverState();
      const again = await replayLabelEvents();
      expect(again).toBeGreaterThan(0);
      await eventually(settled);
      await eventually(async () => (await resolverLag()) === 0);
      expect(await resolverState()).toEqual(before);
    });

    it('set a poisoned message aside and handle the next one', async () => {
      const before = await deadLetterCount();
      await send([{ topic: LabelsIssued.topic, key: 'k', value: '{bad' }]);
      const [label] = await rows('labeling', 'SELECT serial FROM label WHERE gtin = $1 LIMIT 1', [made.product.gtin]);
      const body = { gtin: made.product.gtin, serials: [label?.['serial']], reason: 'spoilt' };
      expect((await persist('/api/labeling/labels/void', body)).status).toBeLessThan(300);
      const voided = 'label WHERE gtin = $1 AND voided_at IS NOT NULL';
      await eventually(async () => (await count('resolver', voided, [made.product.gtin])) === 1);
      await eventually(async () => (await deadLetterCount()) > before);
      const env = { ...process.env, DATA_DIR: stack.dataDir, NODE_OPTIONS: '' };
      const listed = execFileSync(process.execPath, [join(root, 'scripts/dead-letters.mjs'), 'list', 'resolver'], {
        env,
      });
      expect(String(listed)).toContain(LabelsIssued.topic);
    });

    /** How many messages the resolver set aside. */
    const deadLetterCount = async (): Promise<number> => {
      if (stack.brokers === null) return count('resolver', 'dead_letter');
      return withAdmin(async (admin) => Number((await admin.fetchTopicOffsets('resolver.dead-letter'))[0]?.high ?? 0));
    };
    const resolverState = () =>
      rows('resolver', 'SELECT gtin, serial, print_run_id, voided_at FROM label ORDER BY gtin, serial');
    const withAdmin = async <T>(work: (admin: Admin) => Promise<T>): Promise<T> => {
      const admin = kafka().admin();
      await admin.connect();
      try {
        return await work(admin);
      } finally {
        await admin.disconnect();
      }
    };
    const kafka = (): Kafka =>
      new Kafka({ brokers: (stack.brokers ?? '').split(','), clientId: 'crash', logLevel: logLevel.NOTHING });

    /** Messages of the label topic that the resolver has not read yet. */
    const resolverLag = async (): Promise<number> => {
      if (stack.brokers === null) return 0;
      return withAdmin(async (admin) => {
        const ends = await admin.fetchTopicOffsets(LabelsIssued.topic);
        const [group] = await admin.fetchOffsets({ groupId: 'resolver', topics: [LabelsIssued.topic] });
        return ends.reduce((lag, { partition, high }) => {
          const read = Number(group?.partitions.find((one) => one.partition === partition)?.offset ?? 0);
          return lag + Number(high) - Math.max(read, 0);
        }, 0);
      });
    };

    /** Puts messages where the services read: on the topic, or into the outbox whose relay hands them on. */
    const send = async (messages: { topic: string; key: string; value: string }[]): Promise<void> => {
      if (stack.brokers === null) {
        const insert = 'INSERT INTO outbox (event_id, topic, key, value) VALUES ($1, $2, $3, $4)';
        for (const { topic, key, value } of messages) await rows('labeling', insert, [randomUUID(), topic, key, value]);
        return;
      }
      const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      for (const { topic, key, value } of messages) await producer.send({ topic, messages: [{ key, value }] });
      await producer.disconnect();
    };

    /** Sends label events under ids that the resolver has handled already; gives how many. */
    const replayLabelEvents = async (): Promise<number> => {
      const handled = await rows(
        'labeling',
        'SELECT run_id, array_agg(serial) AS serials FROM label WHERE gtin = $1 GROUP BY run_id',
        [made.product.gtin],
      );
      const known = await rows('resolver', 'SELECT event_id FROM inbox ORDER BY handled_at DESC LIMIT 1000');
      const messages = known.map(({ event_id: id }, index) => ({
        topic: LabelsIssued.topic,
        key: 'again',
        value: JSON.stringify({
          ...{ specversion: '1.0', id, source: 'labeling', type: LabelsIssued.type, subject: 'again' },
          ...{ time: new Date().toISOString(), datacontenttype: 'application/json', correlationid: 'again' },
          data: {
            ...{ printRunId: randomUUID(), batchId: made.batchId, productId: made.product.id },
            ...{
              organisationId: randomUUID(),
              gtin: made.product.gtin,
              lot: made.lot,
              kid: '00',
              issuedAt: new Date().toISOString(),
            },
            serials: handled[index % handled.length]?.['serials'],
          },
        }),
      }));
      await send(messages);
      return messages.length;
    };
  });
});
