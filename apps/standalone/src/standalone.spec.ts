import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { stepFacts } from '#contracts';
import { ConfigError } from '#platform';
import { readConfig } from './config.js';
import { demoAccounts } from './demo/accounts.js';
import { readDemoData } from './demo/data.js';
import { factsOf } from './demo/facts.js';
import { serviceFor } from './edge.js';
import { demoPassword, openSecrets } from './secrets.js';

describe('the configuration of the whole system', () => {
  it('puts the port into labels only for localhost', () => {
    expect(readConfig({ PORT: '4000' }).baseUrl).toBe('http://localhost:4000');
    expect(readConfig({ PUBLIC_HOST: 'q.example.org' }).baseUrl).toBe('https://q.example.org');
  });

  it.each([{ PUBLIC_HOST: 'Q.Example.org' }, { PUBLIC_HOST: 'host:443' }, { PORT: '0' }, { PORT: 'web' }])(
    'refuses %j',
    (environment) => {
      expect(() => readConfig(environment)).toThrow(ConfigError);
    },
  );

  it('takes the databases that are given', () => {
    const url = 'postgresql://u:p@db/batch';
    const config = readConfig({ DATABASE_URL_BATCH_TRACKING: url });
    expect(config.databaseUrl('batch-tracking')).toBe(url);
    expect(config.databaseUrl('labeling')).toBeUndefined();
  });
});

describe('the edge', () => {
  it.each([
    ['/api/registration/places', 'registration'],
    ['/api/batch-tracking/batches', 'batch-tracking'],
    ['/api/labeling/trust-bundle', 'labeling'],
    ['/api/verify', 'resolver'],
    ['/01/09520000700010/21/7KQ4M9XW2T', 'resolver'],
    ['/', 'resolver'],
    ['/api/registrationx', 'resolver'],
  ])('hands %s to %s', (path, service) => {
    expect(serviceFor(path)).toBe(service);
  });
});

describe('the demonstration data', () => {
  const data = readDemoData();

  it('are complete', () => {
    expect(data.places.filter(({ level }) => level === 4)).toHaveLength(23);
    expect(data.producers).toHaveLength(19);
    expect(data.products).toHaveLength(24);
    expect(data.products.flatMap(({ steps }) => steps)).toHaveLength(200);
    expect(data.batches).toHaveLength(10);
  });

  it('name parents before their children, and only what exists', () => {
    const seen = new Set<string>();
    for (const { id, parent } of data.places) {
      if (parent !== null) expect(seen).toContain(parent);
      seen.add(id);
    }
    const producers = new Set(data.producers.map(({ id }) => id));
    for (const { village } of data.producers) expect(seen).toContain(village);
    for (const { producer } of data.products) expect(producers).toContain(producer);
  });

  it.each(data.batches.map((batch) => [batch.id, batch] as const))(
    'give %s facts that the services take',
    (_id, batch) => {
      const product = data.products.find(({ id }) => id === batch.product);
      if (product === undefined) throw new Error('no product');
      const facts = factsOf(batch, product, '0192f6a0-0000-7000-8000-000000000001');
      for (const fact of facts) {
        expect(stepFacts.parse(fact)).toEqual(fact);
        expect(Date.parse(fact.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(fact.startedAt));
        expect(fact.startedAt.slice(0, 10) >= batch.madeOn).toBe(true);
        if (batch.packedOn !== null) expect(fact.startedAt.slice(0, 10) <= batch.packedOn).toBe(true);
      }
    },
  );

  it('name accounts of every role, none of them a person', () => {
    const accounts = demoAccounts(data.committees, data.producers);
    expect(new Set(accounts.map(({ role }) => role))).toEqual(
      new Set(['producer', 'committee', 'officer', 'inspector']),
    );
    expect(new Set(accounts.map(({ login }) => login)).size).toBe(accounts.length);
  });
});

describe('the secrets of an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ovop-trace-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are made once, kept, and readable by their owner alone', () => {
    const file = join(folder, 'secrets.json');
    const { secrets, save } = openSecrets(file);
    save({ apiKey: 'ovop_x' });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(openSecrets(file).secrets).toEqual({ ...secrets, apiKey: 'ovop_x' });
    expect(readFileSync(file, 'utf8')).toContain('ovop_x');
    expect(demoPassword(secrets, 'a')).toBe(demoPassword(secrets, 'a'));
    expect(demoPassword(secrets, 'a')).not.toBe(demoPassword(openSecrets(join(folder, 'other.json')).secrets, 'a'));
  });
});
