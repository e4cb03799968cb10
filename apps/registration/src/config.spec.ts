import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const environment = {
  DATABASE_URL: 'postgres://localhost/registration',
  PUBLIC_BASE_URL: 'https://ovop.example/',
  JWKS_URL: 'https://ovop.example/api/registration/jwks.json',
  SESSION_SECRET: Buffer.alloc(32).toString('base64'),
};

describe('the configuration', () => {
  it('needs no more than the addresses and the secret', () => {
    const config = readConfig(environment);
    expect(config).toMatchObject({ PORT: 3001, GTIN_PROGRAMME_PREFIX: '952' });
    expect(config.SESSION_SECRET).toHaveLength(32);
  });

  it.each(['020', '021', '040', '049', '200', '299', '95', '9520000'])('refuses the programme prefix %s', (prefix) => {
    expect(() => readConfig({ ...environment, GTIN_PROGRAMME_PREFIX: prefix })).toThrow('GTIN_PROGRAMME_PREFIX');
  });

  it.each([undefined, 'secret', Buffer.alloc(31).toString('base64')])('refuses the session secret %s', (secret) => {
    expect(() => readConfig({ ...environment, SESSION_SECRET: secret })).toThrow('SESSION_SECRET');
  });

  it('wants the first administrator whole', () => {
    expect(() => readConfig({ ...environment, ADMIN_LOGIN: 'admin@demo.example' })).toThrow('ADMIN_PASSWORD');
    expect(() => readConfig({ ...environment, ADMIN_LOGIN: 'admin', ADMIN_PASSWORD: 'long enough for it' })).toThrow(
      'ADMIN_LOGIN',
    );
  });
});
