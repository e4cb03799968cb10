import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { anySerial, testAuthority } from '../../../../test/support/resolver/authority.js';
import { testResolver, type TestResolver } from '../../../../test/support/resolver/service.js';
import { bundleParts, labelsIssued, storyEvents, testStory } from '../../../../test/support/resolver/story.js';
import { ScansService } from './scans.service.js';

const now = new Date('2026-11-20T06:00:00Z');
const host = 'ovop.example';

describe('scans', () => {
  const story = testStory(now);
  const { gtin, lot } = story.batch;
  const authority = testAuthority(now, host, gtin.slice(1, 8));
  const serial = anySerial();
  const uri = authority.label({ host, gtin, lot, serial, attributes: {} }, now);
  let resolver: TestResolver;
  let db: pg.Client;

  beforeAll(async () => {
    resolver = await testResolver(now);
    db = new pg.Client({ connectionString: resolver.databaseUrl });
    db.on('error', () => undefined);
    await db.connect();
    await resolver.receive(storyEvents(story));
    await resolver.receive([labelsIssued(story, [serial], authority.signer.certificate.kid, randomUUID())]);
    await resolver.receive(bundleParts(1, authority.bundle(1, now), now));
  });
  afterAll(async () => {
    await db.end();
    await resolver.stop();
  });

  const rows = async <T extends object>(text: string): Promise<T[]> => (await db.query<T>(text)).rows;

  it('are stored with what was asked and answered, in one event, and with nothing about who asked', async () => {
    const headers = {
      'user-agent': 'Secret Phone 17',
      'x-forwarded-for': '203.0.113.77',
      cookie: 'id=somebody',
      referer: 'https://chat.example/me',
      'x-correlation-id': 'scan-1',
    };
    await resolver.get(uri.slice(20), headers);
    await resolver.get(`/api/verify?uri=${encodeURIComponent(uri.replace(lot, 'OTHER'))}`, headers);
    await resolver.get('/01/nonsense', headers);
    await resolver.service.app.get(ScansService).flush();

    const at = now.toISOString();
    const scans = [
      { at, gtin, lot, serial, verdict: 'VALID', channel: 'page' },
      { at, gtin, lot: 'OTHER', serial, verdict: 'BAD_SIGNATURE', channel: 'api' },
      { at, gtin: null, lot: null, serial: null, verdict: 'BAD_FORMAT', channel: 'page' },
    ];
    const stored = await rows<{ at: Date }>('SELECT at, gtin, lot, serial, verdict, channel FROM scan ORDER BY id');
    expect(stored.map((row) => ({ ...row, at: row.at.toISOString() }))).toEqual(scans);
    const outbox = await rows<{ value: string }>("SELECT value FROM outbox WHERE topic = 'resolver.scan'");
    expect(outbox.map(({ value }) => (JSON.parse(value) as { data: unknown }).data)).toEqual([{ scans }]);
    expect(JSON.stringify([stored, outbox])).not.toMatch(/203\.0|127\.0|Secret Phone|somebody|chat\.example/);
  });

  it('are counted for the label, forged ones not', async () => {
    const page = await resolver.get(uri.slice(20), { 'accept-language': 'en' });
    expect(page.body).toContain('Opened 1 time before, first on November 20, 2026');
    expect(await rows('SELECT scans FROM label')).toEqual([{ scans: 1 }]);
  });

  it('are counted by verdict in the metrics', async () => {
    const { body } = await resolver.get('/metrics');
    expect(body).toMatch(/ovop_scans_total\{verdict="BAD_SIGNATURE",service="resolver"\} 1/);
  });

  it('wait while the database is away, go in later, and all of them in few statements', async () => {
    const service = resolver.service.app.get(ScansService);
    await service.flush();
    const before = Number((await rows<{ n: string }>('SELECT count(*) AS n FROM scan'))[0]?.n);
    await db.query('ALTER TABLE scan RENAME TO scan_away');
    const scan = { at: now.toISOString(), gtin, lot, serial, verdict: 'VALID', channel: 'page' as const };
    for (let i = 0; i < 12_000; i++) service.record(scan);
    await service.flush();
    await db.query('ALTER TABLE scan_away RENAME TO scan');
    await service.flush();
    const after = Number((await rows<{ n: string }>('SELECT count(*) AS n FROM scan'))[0]?.n);
    expect(after - before).toBe(10_000);
    expect(resolver.lines.join()).toMatch(/scans lost while the database was away.*"count":2000/);
  });
});
