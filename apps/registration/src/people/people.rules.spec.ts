import { describe, expect, it } from '@jest/globals';
import { isLogin, normaliseLogin } from './login.rules.js';
import { hashSecret, isSecretOf, newSecret } from './refresh-token.js';
import { seal, unseal } from './seal.js';
import { judgeRefresh } from './session.rules.js';
import { networkOf } from './sign-in-windows.js';

describe('a login', () => {
  it.each([
    ['+996 000 000 001', '+996000000001'],
    ['00996-555-12-34-56', '+996555123456'],
    ['+7 (701) 123.45.67', '+77011234567'],
    [' Producer.P01@Demo.OVOP.example ', 'producer.p01@demo.ovop.example'],
    ['＋９９６５５５１２３４５６', '+996555123456'],
  ])('%s is kept as %s', (typed, kept) => expect(normaliseLogin(typed)).toBe(kept));

  it.each(['0555123456', '+0555123456', '+996', 'name', 'a@b', 'a b@demo.example', 'a@demo..example', '@demo.example'])(
    '%s is none',
    (typed) => expect(isLogin(typed)).toBe(false),
  );
});

describe('a refresh token', () => {
  it('is known by the hash of its secret alone', () => {
    const [one, other] = [newSecret(), newSecret()];
    expect([isSecretOf(hashSecret(one), one), isSecretOf(hashSecret(one), other)]).toEqual([true, false]);
  });

  const now = new Date('2026-05-04T10:00:00Z');
  const session = { expiresAt: new Date('2026-06-01T00:00:00Z'), revokedAt: null };

  it('is exchanged when it is the newest', () => expect(judgeRefresh(session, true, now)).toBe('rotate'));
  it('ends the session when it is an older one', () => expect(judgeRefresh(session, false, now)).toBe('revoke'));
  it('is refused after the session’s end', () => {
    expect(judgeRefresh({ ...session, expiresAt: now }, true, now)).toBe('refuse');
    expect(judgeRefresh({ ...session, revokedAt: now }, true, now)).toBe('refuse');
  });
});

describe('a sealed text', () => {
  const key = Buffer.alloc(32, 1);

  it('opens under its key and label', () => expect(unseal(seal('text', key, 'kid'), key, 'kid')).toBe('text'));
  it('is different each time', () => expect(seal('text', key, 'kid')).not.toEqual(seal('text', key, 'kid')));
  it('stays closed under another key or label, or when a byte changed', () => {
    const sealed = seal('text', key, 'kid');
    expect(() => unseal(sealed, Buffer.alloc(32, 2), 'kid')).toThrow();
    expect(() => unseal(sealed, key, 'other')).toThrow();
    for (const index of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(() => unseal(changed, key, 'kid')).toThrow();
    }
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1'],
    ['2001:0DB8::5', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});
