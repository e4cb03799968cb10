import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const key = Buffer.alloc(32, 7);
const base = {
  ...{ DATABASE_URL: 'postgres://localhost/x', JWKS_URL: 'http://localhost/j' },
  PUBLIC_BASE_URL: 'https://ovop.example/',
};
const inline = { ...base, KEY_ENCRYPTION_KEY: key.toString('base64') };

describe('the configuration of labeling', () => {
  let file: string;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ovop-key-'));
    file = join(folder, 'key');
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const fromFile = { ...base, KEY_ENCRYPTION_KEY_FILE: '' };

  it('takes the key from the variable or from a file of its owner alone', () => {
    expect(readConfig(inline).keyEncryptionKey).toEqual(key);
    expect(readConfig({ ...fromFile, KEY_ENCRYPTION_KEY_FILE: file }).keyEncryptionKey).toEqual(key);
  });

  it('refuses a key file that others can read', () => {
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(file, mode);
      expect(() => readConfig({ ...fromFile, KEY_ENCRYPTION_KEY_FILE: file })).toThrow('can be read by others');
    }
    chmodSync(file, 0o600);
  });

  it('refuses a key that is missing, doubled, not a file, or of another length', () => {
    expect(() => readConfig(base)).toThrow('set either this or KEY_ENCRYPTION_KEY_FILE');
    expect(() => readConfig({ ...inline, KEY_ENCRYPTION_KEY_FILE: file })).toThrow('set either this or');
    expect(() => readConfig({ ...fromFile, KEY_ENCRYPTION_KEY_FILE: folder })).toThrow('is not a file');
    expect(() => readConfig({ ...base, KEY_ENCRYPTION_KEY: 'c2hvcnQ=' })).toThrow('must be 32 bytes in base64');
  });

  it('takes the PIN of a token from the variable or from a file of its owner alone', () => {
    const token = { ...base, KEY_CUSTODY: 'pkcs11', PKCS11_LIBRARY: '/lib/p11.so', PKCS11_TOKEN: 'ovop' };
    const place = { library: '/lib/p11.so', token: 'ovop', pin: '1234' };
    expect(readConfig({ ...token, PKCS11_PIN: '1234' })).toMatchObject({ tokenPlace: place });
    const pinFile = join(folder, 'pin');
    writeFileSync(pinFile, '1234\n', { mode: 0o600 });
    expect(readConfig({ ...token, PKCS11_PIN_FILE: pinFile })).toMatchObject({ tokenPlace: place });
    chmodSync(pinFile, 0o644);
    expect(() => readConfig({ ...token, PKCS11_PIN_FILE: pinFile })).toThrow('PKCS11_PIN_FILE: can be read by others');
  });

  it('refuses a token that is not described whole, or twice', () => {
    const token = { ...base, KEY_CUSTODY: 'pkcs11', PKCS11_LIBRARY: '/lib/p11.so', PKCS11_PIN: '1234' };
    expect(() => readConfig({ ...base, KEY_CUSTODY: 'pkcs11' })).toThrow('PKCS11_LIBRARY: is needed');
    expect(() => readConfig(token)).toThrow('PKCS11_TOKEN: set either this or PKCS11_SLOT');
    expect(() => readConfig({ ...token, PKCS11_TOKEN: 'a', PKCS11_SLOT: '0' })).toThrow('PKCS11_TOKEN: set either');
    expect(readConfig({ ...token, PKCS11_SLOT: '0' }).tokenPlace).toMatchObject({ token: 0 });
    expect(() => readConfig({ ...token, PKCS11_SLOT: '0', PKCS11_PIN_FILE: file })).toThrow('PKCS11_PIN: set either');
    expect(() => readConfig({ ...base, KEY_CUSTODY: 'cloud' })).toThrow('KEY_CUSTODY');
  });

  it('never says what it was given for a key', () => {
    expect(() => readConfig({ ...base, KEY_ENCRYPTION_KEY: 'hunter2!' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('lets labels point to a host over https, and to localhost as it is', () => {
    expect(readConfig(inline).labelOrigin).toEqual({ host: 'ovop.example', baseUrl: null });
    const local = { ...inline, PUBLIC_BASE_URL: 'http://localhost:3000' };
    expect(readConfig(local).labelOrigin).toEqual({ host: 'localhost', baseUrl: 'http://localhost:3000' });
    for (const url of [
      'http://ovop.example',
      'https://ovop.example:8443',
      'https://ovop.example/path',
      'https://[::1]',
    ])
      expect(() => readConfig({ ...inline, PUBLIC_BASE_URL: url })).toThrow('PUBLIC_BASE_URL');
  });
});
