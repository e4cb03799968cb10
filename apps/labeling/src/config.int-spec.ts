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
