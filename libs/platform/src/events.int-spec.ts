import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PlaceRecorded, type Envelope } from '#contracts';
import { LocalPublisher, newId, publish, sqlOf, type Message } from '#platform';
import { sample, until, type Harness } from '../test/harness.js';
import { placeNamed } from '../test/sample-service.js';

const message = (name: string, change: Partial<Envelope> = {}): Message => {
  const id = newId(new Date());
  const place = placeNamed(name);
  const event = { specversion: '1.0', id, source: 'registration', type: PlaceRecorded.type, subject: place.id };
  const rest = {
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    correlationid: id,
    data: { place },
  };
  return { topic: PlaceRecorded.topic, key: place.id, value: JSON.stringify({ ...event, ...rest, ...change }) };
};

describe('events inside one process', () => {
  let harness: Harness;
  const publisher = new LocalPublisher();

  beforeAll(async () => {
    harness = await sample({ publisher });
    publisher.connect(harness.service.events);
    await harness.service.start({ listen: false });
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    harness.handled.names.length = 0;
    harness.handled.attempts = 0;
  });

  const receive = (sent: Message): Promise<void> => harness.service.events.receive(sent);
  const deadLetters = async () => {
    const { rows } = await harness.sql.query<{ error_code: string; value: string; attempts: number }>(
      'DELETE FROM dead_letter RETURNING error_code, value, attempts',
    );
    return rows;
  };

  it('leave the outbox in order and are handled once each', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `place ${index}`);
    await harness.sql.query('BEGIN');
    for (const name of names)
      await publish(sqlOf(harness.sql), PlaceRecorded, 'one key', { place: placeNamed(name) }, new Date());
    await harness.sql.query('COMMIT');
    await until(async () => (await harness.sql.query('SELECT 1 FROM outbox')).rowCount === 0);
    expect(harness.handled.names).toEqual(names);
  });

  it('change nothing when they come twice', async () => {
    const sent = message('twice');
    await receive(sent);
    await receive(sent);
    expect(harness.handled.names).toEqual(['twice']);
    expect((await harness.sql.query("SELECT 1 FROM handled WHERE name = 'twice'")).rowCount).toBe(1);
  });

  it.each([
    ['that is not JSON', { ...message('x'), value: '{bad' }],
    ['without a value', { ...message('x'), value: '' }],
    ['that is no CloudEvent', { ...message('x'), value: '42' }],
    ['whose data break the schema', message('x', { data: { place: { id: 'no' } } })],
    ['that the handler refuses', message('poison')],
  ])('are set aside at once: one %s', async (_name, sent) => {
    await receive(sent);
    expect(await deadLetters()).toEqual([{ error_code: 'invalid', value: sent.value, attempts: 1 }]);
  });

  it('of a type that nobody handles are passed over', async () => {
    await receive(message('x', { type: 'registration.place.renamed.v9' }));
    expect(await deadLetters()).toEqual([]);
  });

  it('are tried five times when a handler has a bug, and then set aside', async () => {
    await receive(message('always buggy'));
    expect(harness.handled.attempts).toBe(5);
    expect(await deadLetters()).toMatchObject([{ error_code: 'bug', attempts: 5 }]);
  });

  it('are handled when a bug passes', async () => {
    harness.handled.failures = ['bug', 'bug'];
    await receive(message('flaky once'));
    expect(harness.handled.names).toEqual(['flaky once']);
  });

  it('wait in the outbox, in order, while a dependency of the handler is down', async () => {
    harness.handled.failures = ['unavailable', 'unavailable'];
    await harness.sql.query('BEGIN');
    for (const name of ['before', 'flaky', 'after'])
      await publish(sqlOf(harness.sql), PlaceRecorded, 'one key', { place: placeNamed(name) }, new Date());
    await harness.sql.query('COMMIT');
    await until(() => harness.handled.names.length === 3);
    expect(harness.handled.names).toEqual(['before', 'flaky', 'after']);
    expect(await deadLetters()).toEqual([]);
  });

  it('carry the correlation id of the request and name the event that caused them', async () => {
    await receive(message('seen', { correlationid: 'from-outside' }));
    const line = harness.logged.map((text) => JSON.parse(text)).findLast(({ event }) => event === 'event handled');
    expect(line).toMatchObject({ correlationId: 'from-outside', type: PlaceRecorded.type });
    expect(line.causationId).toBeDefined();
  });

  it('go on after every connection was cut', async () => {
    await harness.sql.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await publish(sqlOf(harness.sql), PlaceRecorded, 'k', { place: placeNamed('after the cut') }, new Date());
    await until(() => harness.handled.names.includes('after the cut'));
  });
});
