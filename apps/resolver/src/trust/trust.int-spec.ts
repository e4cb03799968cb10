import { afterEach, describe, expect, it } from '@jest/globals';
import { anySerial, testAuthority } from '../../../../test/support/resolver/authority.js';
import { testResolver, type TestResolver } from '../../../../test/support/resolver/service.js';
import { bundleParts } from '../../../../test/support/resolver/story.js';

const now = new Date('2026-11-20T06:00:00Z');
const day = 86_400_000;
const host = 'ovop.example';
const gtin = '09521234567899';
const authority = testAuthority(now, host, gtin.slice(1, 8));
const uri = authority.label({ host, gtin, lot: 'L1', serial: anySerial(), attributes: {} }, now);

const started: TestResolver[] = [];
async function start(environment: Record<string, string> = {}, databaseUrl?: string): Promise<TestResolver> {
  const resolver = await testResolver(now, environment, databaseUrl);
  started.push(resolver);
  return resolver;
}
async function verdictOf(resolver: TestResolver, label = uri): Promise<string> {
  const { body } = await resolver.get(`/api/verify?uri=${encodeURIComponent(label)}`);
  return (JSON.parse(body) as { verdict: string }).verdict;
}
async function seqOf(resolver: TestResolver): Promise<string> {
  const { headers } = await resolver.get('/.well-known/ovop-trust');
  return String(headers['etag']).replace(/^"(\d+)-.*/, '$1');
}

describe('the trust bundle', () => {
  afterEach(async () => {
    for (const resolver of started.splice(0).reverse()) await resolver.stop();
  });

  it('is missed with a 503 as long as none has arrived, while damage is still called damage', async () => {
    const resolver = await start();
    const download = await resolver.get('/.well-known/ovop-trust');
    expect([download.status, JSON.parse(download.body).code]).toEqual([503, 'unavailable']);
    expect((await resolver.get(`/api/verify?uri=${encodeURIComponent(uri)}`)).status).toBe(503);
    expect(await verdictOf(resolver, 'https://ovop.example/01/1')).toBe('BAD_FORMAT');
    const page = await resolver.get(uri.slice(20), { accept: 'text/html', 'accept-language': 'ru' });
    expect([page.status, page.headers['retry-after']]).toEqual([503, '5']);
    expect(page.body).toContain('Сейчас мы не можем проверять этикетки');
  });

  it('is served as it was signed once all its parts are there, in whatever order, with an ETag', async () => {
    const resolver = await start();
    const jws = authority.bundle(4, now);
    const parts = bundleParts(4, jws, now, 1000).reverse();
    await resolver.receive(parts.slice(1));
    expect((await resolver.get('/.well-known/ovop-trust')).status).toBe(503);
    await resolver.receive(parts);
    const { status, body, headers } = await resolver.get('/.well-known/ovop-trust');
    expect([status, body, headers['content-type']]).toEqual([200, jws, 'application/jose']);
    const again = await resolver.get('/.well-known/ovop-trust', { 'if-none-match': String(headers['etag']) });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('is the newest one, whichever comes last', async () => {
    const resolver = await start();
    for (const seq of [5, 7, 6]) await resolver.receive(bundleParts(seq, authority.bundle(seq, now), now));
    expect(await seqOf(resolver)).toBe('7');
  });

  it('must lead to the root that was seen first, also after a restart', async () => {
    const first = await start();
    await first.receive(bundleParts(1, authority.bundle(1, now), now));
    const usurper = testAuthority(now, host, gtin.slice(1, 8));
    await first.receive(bundleParts(2, usurper.bundle(2, now), now));
    expect(await seqOf(first)).toBe('1');
    expect(first.lines.join()).toContain('does not end at a pinned root');

    const second = await start({}, first.databaseUrl);
    expect(await seqOf(second)).toBe('1');
    await second.receive(bundleParts(3, usurper.bundle(3, now), now));
    expect(await seqOf(second)).toBe('1');
    expect(await verdictOf(second)).toBe('VALID');
  });

  it('must lead to the configured root, if there is one', async () => {
    const resolver = await start({ TRUST_ROOT_SHA256: authority.root.keyHash });
    const usurper = testAuthority(now, host, gtin.slice(1, 8));
    await resolver.receive(bundleParts(9, usurper.bundle(9, now), now));
    expect((await resolver.get('/.well-known/ovop-trust')).status).toBe(503);
    await resolver.receive(bundleParts(1, authority.bundle(1, now), now));
    expect(await seqOf(resolver)).toBe('1');
  });

  it('is refused when it was changed on the way', async () => {
    const resolver = await start();
    const jws = authority.bundle(1, now);
    await resolver.receive(bundleParts(1, jws.slice(0, -8) + 'AAAAAAAA', now));
    expect((await resolver.get('/.well-known/ovop-trust')).status).toBe(503);
    expect(resolver.lines.join()).toContain('its signature does not match');
  });

  it.each([
    [29, 'VALID'],
    [31, 'VALID_STALE_TRUST'],
    [91, 'TRUST_EXPIRED'],
  ])('makes labels after %i days %s', async (days, verdict) => {
    const resolver = await start();
    await resolver.receive(bundleParts(1, authority.bundle(1, now), now));
    resolver.clock.now = new Date(now.getTime() + days * day);
    expect(await verdictOf(resolver)).toBe(verdict);
  });

  it('carries voids and recalls that the register may not know', async () => {
    const resolver = await start();
    const serial = anySerial();
    const change = { voids: [{ gtin, serial }], recalls: [{ gtin, lot: 'L2' }] };
    await resolver.receive(bundleParts(1, authority.bundle(1, now, change), now));
    const label = (lot: string, one: string) => authority.label({ host, gtin, lot, serial: one, attributes: {} }, now);
    expect(await verdictOf(resolver, label('L1', serial))).toBe('LABEL_VOID');
    expect(await verdictOf(resolver, label('L2', anySerial()))).toBe('RECALLED');
  });

  it('refuses every label of a key that was stolen', async () => {
    const stolen = testAuthority(now, host, gtin.slice(1, 8), (signer) => [
      { serialNumber: signer.serialNumber, revokedAt: now, reason: 'keyCompromise' },
    ]);
    const resolver = await start();
    await resolver.receive(bundleParts(1, stolen.bundle(1, now), now));
    const label = stolen.label({ host, gtin, serial: anySerial(), attributes: {} }, now);
    expect(await verdictOf(resolver, label)).toBe('KEY_REVOKED');
  });
});
