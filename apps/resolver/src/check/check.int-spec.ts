import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatTypedCode } from '#label';
import { anySerial, testAuthority } from '../../../../test/support/resolver/authority.js';
import { testResolver, type TestResolver } from '../../../../test/support/resolver/service.js';
import { bundleParts, labelsIssued, storyEvents, testStory } from '../../../../test/support/resolver/story.js';

const now = new Date('2026-11-20T06:00:00Z');

describe('a code typed at /check', () => {
  const [one, two] = [testStory(now), testStory(now, '09521234567882', 'TAM-2026-08')];
  const authority = testAuthority(now, 'ovop.example', one.product.gtin.slice(1, 8));
  const [single, shared] = [anySerial(), anySerial()];
  let resolver: TestResolver;
  const check = (code: string, rest = '') =>
    resolver.get(`/check?lang=en&code=${encodeURIComponent(code)}${rest}`, { accept: 'text/html' });

  beforeAll(async () => {
    resolver = await testResolver(now);
    const { kid } = authority.signer.certificate;
    await resolver.receive([...storyEvents(one), ...storyEvents(two)]);
    await resolver.receive([
      labelsIssued(one, [single, shared], kid, randomUUID()),
      labelsIssued(two, [shared], kid, randomUUID()),
    ]);
    await resolver.receive(bundleParts(1, authority.bundle(1, now), now));
  });
  afterAll(() => resolver.stop());

  it('leads to the label, however it is written', async () => {
    const code = formatTypedCode(single);
    for (const typed of [code, code.toLowerCase(), ` ${code.replaceAll('-', ' ')} `, code.replaceAll('0', 'o')]) {
      const { status, headers } = await check(typed);
      expect([status, headers['location']]).toEqual([303, `/01/${one.product.gtin}/21/${single}?lang=en`]);
    }
    const page = await resolver.get(`/01/${one.product.gtin}/21/${single}?lang=en`);
    expect(page.body).toContain('This label was issued');
  });

  it('with one wrong sign is caught before anything is looked up', async () => {
    const code = formatTypedCode(single);
    const wrong = (code.startsWith('7') ? '8' : '7') + code.slice(1);
    const { status, body } = await check(wrong);
    expect(status).toBe(400);
    expect(body).toContain('At least one sign is wrong');
    expect(body).toContain(`value="${wrong}"`);
  });

  it('offers a choice when several products have it, and needs none with the GTIN', async () => {
    const { status, body } = await check(formatTypedCode(shared));
    expect(status).toBe(200);
    for (const { product } of [one, two]) expect(body).toContain(`href="/01/${product.gtin}/21/${shared}?lang=en"`);
    const { headers } = await check(formatTypedCode(shared), `&gtin=${two.product.gtin.slice(1)}`);
    expect(headers['location']).toBe(`/01/${two.product.gtin}/21/${shared}?lang=en`);
  });

  it('that nobody issued gets the verdict', async () => {
    const { status, body } = await check(formatTypedCode(anySerial()));
    expect(status).toBe(200);
    expect(body).toContain('The issuer does not know this label');
  });

  it.each([
    ['', 'Type the code that is printed'],
    ['ABC', 'The code has 11 to 13 signs'],
    ['ЖЖЖЖ-ЖЖЖЖ-ЖЖЖ', 'does not occur in our codes'],
    ['"><script>alert(1)</script>', 'does not occur in our codes'],
  ])('of %j is explained', async (typed, sentence) => {
    const { status, body } = await check(typed);
    expect(status).toBe(400);
    expect(body).toContain(sentence);
    expect(body).not.toContain('<script>');
  });

  it('with a GTIN that is none is explained', async () => {
    const { status, body } = await check(formatTypedCode(single), '&gtin=4006381333932');
    expect(status).toBe(400);
    expect(body).toContain('This is not a GTIN');
  });
});

describe('the other public paths', () => {
  let resolver: TestResolver;
  beforeAll(async () => void (resolver = await testResolver(now, { RATE_LIMIT_PER_MINUTE: '20' })));
  afterAll(() => resolver.stop());

  it('greet in the language of the reader, and tell robots and tabs what they want to know', async () => {
    const home = await resolver.get('/', { 'accept-language': 'ky-KG,ky;q=0.9,ru;q=0.8' });
    expect([home.status, home.body.includes('Муну ким, кайда жана кантип жасаган')]).toEqual([200, true]);
    expect((await resolver.get('/robots.txt')).body).toContain('Disallow: /01/');
    expect((await resolver.get('/favicon.ico')).headers['content-type']).toBe('image/svg+xml');
    expect((await resolver.get('/api/resolver/openapi.json')).body).toContain('/api/verify');
  });

  it('are limited for one address, not by what it says of itself, and health is not', async () => {
    const answers = [];
    for (let i = 0; i < 25; i++)
      answers.push(await resolver.get('/', { accept: 'text/html', 'x-forwarded-for': `198.51.100.${i}` }));
    const last = answers.at(-1);
    expect(last?.status).toBe(429);
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
    expect(last?.body).toContain('Too many requests');
    const problem = await resolver.get('/api/verify?uri=x');
    expect([problem.status, JSON.parse(problem.body).code]).toEqual([429, 'rate-limited']);
    expect((await resolver.get('/health/live')).status).toBe(200);
  });
});
