import { randomUUID } from 'node:crypto';
import { writeFileSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describeWith } from '../../../../test/support/require.js';
import { anySerial, compactLabel, testAuthority } from '../../../../test/support/resolver/authority.js';
import { testResolver, type TestResolver } from '../../../../test/support/resolver/service.js';
import {
  bundleParts,
  correctedStep,
  labelsIssued,
  labelsVoided,
  storyEvents,
  testStory,
} from '../../../../test/support/resolver/story.js';

const now = new Date('2026-11-20T06:00:00Z');
const host = 'ovop.example';

describeWith('browser', 'the page of a label on a small phone', () => {
  const story = testStory(now);
  const { gtin, lot } = story.batch;
  const authority = testAuthority(now, host, gtin.slice(1, 8));
  const [serial, lost] = [anySerial(), anySerial()];
  const label = (one: string, attributes: Record<string, string>): string =>
    authority.label({ host, gtin, lot, serial: one, attributes }, now).slice(`https://${host}`.length);
  const valid = label(serial, { 13: '261117', 422: '417' });
  const paths: [string, string][] = [
    ['valid', valid],
    ['expired', label(serial, { 15: '261101' })],
    ['forged', valid.replace('13=261117', '13=261118')],
    ['void', label(lost, {})],
    ['compact', compactLabel(host, gtin, serial).slice(`https://${host}`.length)],
    ['format', '/01/nonsense'],
  ];
  let resolver: TestResolver;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    resolver = await testResolver(now);
    const run = randomUUID();
    await resolver.receive(storyEvents(story));
    await resolver.receive([
      labelsIssued(story, [serial, lost], authority.signer.certificate.kid, run),
      labelsVoided(story, [lost], run),
      correctedStep(story, 2, { note: 'The scale was read wrongly at first.' }),
      ...bundleParts(1, authority.bundle(1, now), now),
    ]);
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    page = await browser.newPage({
      viewport: { width: 360, height: 640 },
      deviceScaleFactor: 2,
      javaScriptEnabled: false,
    });
  });
  afterAll(async () => {
    await browser.close();
    await resolver.stop();
  });

  it.each(['ky', 'ru', 'en', 'kk', 'tg'])(
    'has verdict and reason above the fold and nothing to the right, in %s',
    async (language) => {
      for (const [name, path] of paths) {
        const faults: string[] = [];
        page.on('console', (line) => void faults.push(line.text()));
        await page.goto(`http://127.0.0.1:${resolver.port}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        const band = await page.locator('header.band').boundingBox();
        const width = await page.locator('main').boundingBox();
        expect([name, (band?.y ?? 0) + (band?.height ?? 0)]).toEqual([name, expect.any(Number)]);
        expect((band?.y ?? 0) + (band?.height ?? Infinity)).toBeLessThanOrEqual(640);
        expect((width?.x ?? 0) + (width?.width ?? Infinity)).toBeLessThanOrEqual(360);
        expect(faults.filter((fault) => !fault.includes('status of 400'))).toEqual([]);
        keep(`${name}-${language}`, await page.screenshot({ fullPage: name === 'valid' && language === 'ru' }));
      }
    },
  );

  it('can be read by keyboard and by ear: one heading of the first level, names for links and pictures', async () => {
    await page.goto(`http://127.0.0.1:${resolver.port}${valid}&lang=en`);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('svg.map[role=img][aria-label]').count()).toBe(1);
    for (const link of await page.locator('a').all())
      expect(((await link.getAttribute('aria-label')) ?? (await link.textContent()) ?? '').trim()).not.toBe('');
    const small = await page.locator('nav a').all();
    for (const link of small) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(24);
  });
});

/** SCREENSHOTS names a folder for those who want to look at the pages. */
function keep(name: string, picture: Buffer): void {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.png`, picture);
}
