import { HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AppError, invalid } from '#contracts';
import { newId } from './clock.js';
import { ConfigError, parseConfig, serviceEnvironment } from './config.js';
import { withContext } from './context.js';
import { isUnavailable, isUniqueViolation } from './database/faults.js';
import { problemOf } from './http/problem.js';
import { Log } from './observe/log.js';

describe('configuration', () => {
  const environment = {
    PORT: '3001',
    DATABASE_URL: 'postgresql://u:p@localhost/d',
    PUBLIC_BASE_URL: 'https://q.example.org/',
    JWKS_URL: 'http://localhost/jwks.json',
    KAFKA_BROKERS: 'a:9092, b:9092',
  };

  it('reads lists, numbers and addresses', () => {
    const config = parseConfig(serviceEnvironment, environment);
    expect(config).toMatchObject({ PORT: 3001, KAFKA_BROKERS: ['a:9092', 'b:9092'], TRUST_PROXY: false });
    expect(config.PUBLIC_BASE_URL).toBe('https://q.example.org');
  });

  it('names every fault at once and shows no value', () => {
    const broken = { ...environment, PORT: 'high', DATABASE_URL: 'mysql://secret@host/d' };
    const fail = () => parseConfig(serviceEnvironment, broken);
    expect(fail).toThrow(ConfigError);
    expect(fail).toThrow(/PORT[\s\S]*DATABASE_URL/);
    expect(fail).not.toThrow(/secret/);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const ids = [1, 2, 3, 1000, 2 ** 40].map((ms) => newId(new Date(ms)));
    for (const id of ids) expect(z.uuid({ version: 'v7' }).safeParse(id).success).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('differ within a millisecond', () => {
    const now = new Date();
    expect(new Set(Array.from({ length: 1000 }, () => newId(now))).size).toBe(1000);
  });
});

describe('problems', () => {
  it('keep the code, the sentence and the faults of an error made on purpose', () => {
    const problem = withContext({ correlationId: 'c-1' }, () => problemOf(invalid('unit', 'is not known')));
    expect(problem).toMatchObject({ status: 400, code: 'invalid', correlationId: 'c-1' });
    expect(problem.faults).toEqual([{ field: 'unit', message: 'is not known' }]);
  });

  it.each([
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['gone', 410],
    ['rate-limited', 429],
    ['unavailable', 503],
  ] as const)('answer %s with %i', (code, status) => {
    expect(problemOf(new AppError(code, 'a sentence')).status).toBe(status);
  });

  it('say nothing of a bug', () => {
    const problem = problemOf(new TypeError('cannot read properties of secret'));
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('keep the status that the framework gave', () => {
    expect(problemOf(new HttpException('too large', 413))).toMatchObject({ status: 413, code: 'invalid' });
  });
});

describe('faults of the database and the broker', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }],
    [{ code: '57P01' }],
    [{ name: 'KafkaJSNumberOfRetriesExceeded' }],
    [new Error('x', { cause: { code: 'P1001' } })],
    [new AggregateError([Object.assign(new Error('no'), { code: 'ECONNREFUSED' })])],
    [new Error('timeout exceeded when trying to connect')],
  ])('count %j as unavailable', (error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it('do not count a bug or a broken constraint as unavailable', () => {
    expect(isUnavailable(new TypeError('x'))).toBe(false);
    expect(isUnavailable({ code: '23505' })).toBe(false);
    expect(isUniqueViolation({ meta: { driverAdapterError: { cause: { originalCode: '23505' } } } })).toBe(true);
  });
});

describe('the log', () => {
  it('writes one JSON object a line with the correlation id and never below its level', () => {
    const lines: string[] = [];
    const log = new Log('test', 'info', (line) => void lines.push(line));
    withContext({ correlationId: 'c-2' }, () => log.info('something\nhappened', { count: 2 }));
    log.emit('debug', 'not written');
    log.emit('error', 'failed', {}, new Error('outer', { cause: new Error('inner') }));
    expect(lines).toHaveLength(2);
    expect(lines[0]).not.toMatch(/\n./);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', correlationId: 'c-2', count: 2 });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ error: { message: 'outer', cause: { message: 'inner' } } });
  });
});
