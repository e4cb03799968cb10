import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POOL } from '#platform';
import {
  anySerial,
  compactLabel,
  testAuthority,
  type TestAuthority,
} from '../../../../test/support/resolver/authority.js';
import { testResolver, type TestResolver } from '../../../../test/support/resolver/service.js';
import {
  bundleParts,
  correctedStep,
  labelsIssued,
  labelsVoided,
  recalled,
  storyEvents,
  testStory,
  type TestStory,
} from '../../../../test/support/resolver/story.js';
import { ScansService } from '../scans/scans.service.js';
import type { VerifyAnswer } from './verify.schemas.js';

const now = new Date('2026-11-20T06:00:00Z');
const host = 'ovop.example';
const origin = `https://${host}`;
const day = 86_400_000;
const html = { accept: 'text/html', 'accept-language': 'en' };

describe('a label on its own address', () => {
  let resolver: TestResolver;
  let authority: TestAuthority;
  let story: TestStory;
  const [serial, lost, unlisted] = [anySerial(), anySerial(), anySerial()];
  const printRun = randomUUID();

  const labelOf = (
    change: {
      serial?: string;
      issued?: Date;
      attributes?: Record<string, string>;
      gtin?: string;
      host?: string;
      lot?: string;
    } = {},
    by = authority.signer,
  ) => {
    const { gtin, lot } = story.batch;
    const fields = { host, gtin, lot, serial, attributes: { 13: '261117', 422: '417' }, ...change };
    return authority.label(fields, change.issued ?? now, by);
  };
  const pageOf = (uri: string, headers: Record<string, string> = html) =>
    resolver.get(uri.slice(origin.length), headers);
  const verify = async (uri: string, language = 'en'): Promise<VerifyAnswer> => {
    const answer = await resolver.get(`/api/verify?uri=${encodeURIComponent(uri)}&lang=${language}`);
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body) as VerifyAnswer;
  };

  beforeAll(async () => {
    story = testStory(now);
    authority = testAuthority(now, host, story.product.gtin.slice(1, 8));
    resolver = await testResolver(now);
    await resolver.receive(storyEvents(story));
    const { kid } = authority.signer.certificate;
    await resolver.receive([
      labelsIssued(story, [serial, lost], kid, printRun),
      labelsVoided(story, [lost], printRun),
      correctedStep(story, 2, { note: 'Washed twice <script>alert(1)</script>' }),
    ]);
    await resolver.receive(bundleParts(1, authority.bundle(1, now), now, 700));
  });
  afterAll(() => resolver.stop());

  it('shows verdict, village, producer, steps and certificate of a genuine label', async () => {
    const { status, body } = await pageOf(labelOf());
    expect(status).toBe(200);
    for (const shown of [
      'The data on this label are genuine',
      'Shyrdak felt carpet',
      'Tamchy',
      'Issyk-Kul District, Issyk-Kul Region, Kyrgyz Republic',
      'about 1,650 m above the sea',
      'Tamchy Kiyiz Ustakanasy (demo)',
      'Wet felting with soap and water',
      'sorted wool 13.6\u00a0kg, waste 2.4\u00a0kg',
      'Issyk-Kul Brand Committee (demo)',
      'KG-Y-2026-014',
      'A photo or a copy of this label passes the same check',
      'Not for trade',
      'trust list no. 1',
    ])
      expect(body).toContain(shown);
    expect(body.indexOf('are genuine')).toBeLessThan(body.indexOf('Shyrdak'));
  });

  it('stays below 50 KB with thirteen steps in every language', async () => {
    for (const language of ['ky', 'ru', 'en', 'kk', 'tg']) {
      const { body } = await pageOf(labelOf(), { 'accept-language': language });
      expect(body.match(/<span class="no"/g)).toHaveLength(13);
      expect(body).toContain(`<html lang="${language}">`);
      expect(Buffer.byteLength(body)).toBeLessThan(50_000);
      expect(body).not.toMatch(/<script|\ssrc=|https?:\/\/(?!www\.w3\.org)/);
    }
  });

  it('shows corrected steps as corrected and what people wrote as text', async () => {
    const { body, headers } = await pageOf(labelOf());
    expect(body).toContain('Washed twice &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body.match(/corrected later/g)).toHaveLength(1);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  it('keeps steps back that the template does not make public', async () => {
    const { body } = await pageOf(labelOf());
    expect(body).not.toContain('Secret price talks');
    expect((await verify(labelOf())).steps).toHaveLength(13);
  });

  it('answers in the language that is asked for, whatever the browser wants, with the same verdict', async () => {
    const { body } = await pageOf(`${labelOf()}&lang=ru`, { 'accept-language': 'ky' });
    expect(body).toContain('Данные этикетки подлинные');
    expect(body).toContain('Войлочный ковёр шырдак');
  });

  it('answers a program on the same address with JSON', async () => {
    const uri = labelOf();
    const answer = await pageOf(uri, { accept: 'application/json' });
    expect(answer.headers['content-type']).toContain('application/json');
    const { verdict, label, village, producer, certification, bundle, ...rest } = JSON.parse(
      answer.body,
    ) as VerifyAnswer;
    expect({ verdict, known: label?.known, uri: rest.uri }).toEqual({ verdict: 'VALID', known: true, uri });
    expect(village?.path.map(({ names }) => names.en)).toEqual([
      'Tamchy ayyl aimagy',
      'Issyk-Kul District',
      'Issyk-Kul Region',
      'Kyrgyz Republic',
    ]);
    expect(producer?.names?.en).toBe('Tamchy Kiyiz Ustakanasy (demo)');
    expect(certification?.number).toBe('KG-Y-2026-014');
    expect(bundle?.seq).toBe(1);
  });

  it('calls a signed label that the register does not list valid, and says that it is not listed', async () => {
    const uri = labelOf({ serial: unlisted });
    expect(await verify(uri)).toMatchObject({ verdict: 'VALID', label: { known: false } });
    expect((await pageOf(uri)).body).toContain('has not reached the online register yet');
  });

  it.each([
    ['BAD_SIGNATURE', () => labelOf().replace('13=261117', '13=261118')],
    ['BAD_SIGNATURE', () => labelOf().replace(serial, anySerial())],
    ['UNKNOWN_KEY', () => labelOf({}, authority.stranger)],
    ['ISSUED_IN_FUTURE', () => labelOf({ issued: new Date(now.getTime() + 3 * day) })],
    ['NOT_VALID_AT_ISSUE', () => labelOf({ issued: new Date(now.getTime() - 5 * day) })],
    ['OUT_OF_SCOPE', () => labelOf({ gtin: '09506000134352' })],
    ['OUT_OF_SCOPE', () => labelOf({ attributes: { 422: '398' } })],
    ['UNSUPPORTED_VERSION', () => labelOf().replace('s=A', 's=B')],
    ['NOT_SIGNED', () => labelOf().replace(/&s=.*/, '')],
    ['UNKNOWN_SERIAL', () => compactLabel(host, story.batch.gtin, anySerial())],
    ['BAD_FORMAT', () => labelOf().replace('/21/', '/22/')],
  ])('says %s and tells no story', async (verdict, make) => {
    const uri = make();
    const { status, body } = await pageOf(uri);
    expect(status).toBe(verdict === 'BAD_FORMAT' ? 400 : 200);
    expect(body).not.toMatch(/Shyrdak|Tamchy|Committee/);
    const answer = await verify(uri);
    expect(answer).toMatchObject({ verdict, product: null, producer: null, village: null, batch: null, steps: [] });
    expect(body).toContain(answer.headline);
  });

  it('knows a compact label by its serial', async () => {
    const uri = compactLabel(host, story.batch.gtin, serial);
    expect(await verify(uri)).toMatchObject({ verdict: 'ISSUED', label: { known: true } });
    expect((await pageOf(uri)).body).toContain('This label was issued');
  });

  it('says that a lost label is cancelled, signed or compact, and names no more than what it was for', async () => {
    for (const uri of [labelOf({ serial: lost }), compactLabel(host, story.batch.gtin, lost)]) {
      expect(await verify(uri)).toMatchObject({ verdict: 'LABEL_VOID', label: { voidReason: 'lost' } });
      const { body } = await pageOf(uri);
      expect(body).toContain('Cancelled on November 20, 2026 (lost)');
      expect(body).toContain('Shyrdak felt carpet');
      expect(body).not.toMatch(/Wet felting|Committee/);
    }
  });

  it('refuses the address of somebody else, which it would never serve itself', async () => {
    const uri = labelOf({ host: 'ovop-labels.example' });
    expect(await verify(uri)).toMatchObject({ verdict: 'HOST_NOT_TRUSTED', product: null });
  });

  it('judges by its own address, never by the Host header', async () => {
    const { body } = await pageOf(labelOf(), { ...html, host: 'evil.example' });
    expect(body).toContain('The data on this label are genuine');
  });

  it('says first that the best-before day has passed', async () => {
    const { body } = await pageOf(labelOf({ attributes: { 15: '261119' } }));
    expect(body).toContain('Best before November 19, 2026: this day has passed');
    expect(body.indexOf('this day has passed')).toBeLessThan(body.indexOf('are genuine'));
    const today = await pageOf(labelOf({ attributes: { 15: '261120' } }));
    expect(today.body).not.toContain('this day has passed');
  });

  it('names no producer without consent', async () => {
    const anonymous = testStory(now, '09521234567882', 'TAM-2026-08');
    anonymous.organisation.publicName = false;
    await resolver.receive(storyEvents(anonymous));
    const [hidden] = [anySerial()];
    await resolver.receive([labelsIssued(anonymous, [hidden], authority.signer.certificate.kid, randomUUID())]);
    const uri = labelOf({ gtin: anonymous.batch.gtin, lot: anonymous.batch.lot, serial: hidden });
    const { body } = await pageOf(uri);
    expect(body).toContain('a registered producer of Tamchy');
    expect(body).not.toContain('Ustakanasy');
    expect(await verify(uri)).toMatchObject({ verdict: 'VALID', producer: { names: null } });
  });

  it('says within the same second that a batch is recalled', async () => {
    const bad = testStory(now, '09521234567875', 'TAM-2026-09');
    const sold = anySerial();
    await resolver.receive(storyEvents(bad));
    await resolver.receive([labelsIssued(bad, [sold], authority.signer.certificate.kid, randomUUID())]);
    const uri = labelOf({ gtin: bad.batch.gtin, lot: bad.batch.lot, serial: sold });
    expect((await verify(uri)).verdict).toBe('VALID');
    await resolver.receive([recalled(bad, 'Moth eggs were found in the wool')]);
    expect(await verify(uri)).toMatchObject({
      verdict: 'RECALLED',
      batch: { recallReason: 'Moth eggs were found in the wool' },
    });
    expect((await pageOf(uri)).body).toContain('Moth eggs were found in the wool');
  });

  it('never asks the database about a forged, damaged or foreign label', async () => {
    const pool = resolver.service.app.get<Pool>(POOL);
    let asked = 0;
    const count = (): void => void (asked += 1);
    await resolver.service.app.get(ScansService).flush();
    pool.on('acquire', count);
    const forged = labelOf().replace('13=261117', '13=261118');
    for (const uri of [forged, labelOf({}, authority.stranger), `${labelOf()}&21=X`, labelOf({ host: 'a.example' })])
      await resolver.get(`/api/verify?uri=${encodeURIComponent(uri)}`);
    const before = asked;
    await verify(labelOf());
    pool.off('acquire', count);
    // A flush of scans may have come in between, a look-up for each of the four may not.
    expect(before).toBeLessThan(4);
    expect(asked).toBeGreaterThan(before);
  });

  it('gives every one of many scans at once its own answer', async () => {
    const expected = { [serial]: 'VALID', [lost]: 'LABEL_VOID', [unlisted]: 'VALID' };
    const asked = Array.from({ length: 90 }, (_, i) => [serial, lost, unlisted][i % 3] ?? serial);
    const answers = await Promise.all(asked.map((one) => verify(labelOf({ serial: one }))));
    expect(
      answers.map(({ label, verdict, ...rest }) => [rest.uri.includes(label?.serial ?? '-'), verdict, label?.known]),
    ).toEqual(asked.map((one) => [true, expected[one], one !== unlisted]));
  });

  it('refuses a request without an address or with one that is too long', async () => {
    for (const path of ['/api/verify', `/api/verify?uri=${'a'.repeat(2001)}`]) {
      const { status, body, headers } = await resolver.get(path);
      expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(body)).toMatchObject({ code: 'invalid', faults: [{ field: 'uri' }] });
    }
  });

  it('answers every damaged address with a page and never with a crash', async () => {
    const good = labelOf().slice(origin.length);
    const damaged = [
      `${good}%`,
      good.replace('/21/', '/%zz/'),
      `${good}&`,
      `/01/${'9'.repeat(3000)}`,
      '/01/',
      '/01/%00',
    ];
    for (const path of damaged) expect((await resolver.get(path, html)).status).toBe(400);
    expect((await resolver.get('/nothing/here', html)).body).toContain('There is no such page');
    expect((await resolver.get('/nothing/here', html)).status).toBe(404);
    expect((await resolver.get('/api/nothing')).status).toBe(404);
  });
});
