import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import { client, type Client } from '../support/client.js';
import { makeBatch, printLabels, type Made } from '../support/journey.js';
import { describeWith } from '../support/require.js';
import { modes, startStack, type Stack } from '../support/stack.js';
import { decodeSheet, verifyOffline } from '../support/verifier.js';

const startMilliseconds = 300_000;

describe.each(modes)('from registration to a verified label, %s', (mode) => {
  describeWith(mode === 'distributed' ? 'kafka' : [], 'the journey', () => {
    let stack: Stack;
    let api: Client;
    let made: Made;
    let labels: string[];
    let runId: string;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ovop-trace-sheet-'));
      stack = await startStack(mode);
      api = client(stack);
      made = await makeBatch(api, 40);
      ({ id: runId, uris: labels } = await printLabels(api, made.batchId, 42));
    }, startMilliseconds);
    afterAll(async () => {
      await stack?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const verdictOf = async (uri: string): Promise<string> => {
      const { text } = await api.request('GET', `/api/verify?uri=${encodeURIComponent(uri)}`);
      return JSON.parse(text).verdict;
    };
    const first = (): string => labels[0] ?? '';
    const known = async (): Promise<void> => {
      while ((await verdictOf(first())) !== 'VALID') await sleep(100);
    };

    it('signs as many labels as were ordered, each with its own serial', async () => {
      expect(new Set(labels).size).toBe(42);
      for (const uri of labels) while ((await verdictOf(uri)) !== 'VALID') await sleep(100);
    });

    it('refuses a print run over the units produced and the allowance', async () => {
      const { status, text } = await api.request('POST', '/api/labeling/print-runs', {
        batchId: made.batchId,
        count: 1,
      });
      expect(status).toBe(409);
      expect(JSON.parse(text)).toMatchObject({ code: 'conflict' });
    });

    it('gives the same sheet again', async () => {
      const path = `/api/labeling/print-runs/${runId}/sheet.pdf`;
      const [one, two] = [await api.request('GET', path), await api.request('GET', path)];
      expect(one.headers.get('content-type')).toContain('application/pdf');
      expect(two.text).toBe(one.text);
    });

    describeWith(['pdftoppm', 'zbarimg'], 'the printed sheet', () => {
      it('has every label as a QR code that another decoder reads', async () => {
        const response = await fetch(`${stack.demo.baseUrl}/api/labeling/print-runs/${runId}/sheet.pdf`, {
          headers: { 'x-api-key': stack.demo.apiKey },
        });
        const pdf = join(folder, 'sheet.pdf');
        writeFileSync(pdf, Buffer.from(await response.arrayBuffer()));
        expect(decodeSheet(pdf, folder).toSorted()).toEqual(labels.toSorted());
      });

      it('of the demonstration holds exactly the labels that demo.json names', () => {
        expect(decodeSheet(stack.demo.sheetPdf, folder).toSorted()).toEqual(stack.demo.labels.toSorted());
      });
    });

    it('opens a page that names the verdict, village, producer and steps', async () => {
      const response = await fetch(first(), { headers: { 'accept-language': 'en', accept: 'text/html' } });
      const page = await response.text();
      expect(response.status).toBe(200);
      for (const text of [made.village, made.producer, made.product.name, ...made.steps]) expect(page).toContain(text);
      expect(page.indexOf('data-verdict="VALID"')).toBeGreaterThan(-1);
      expect(Buffer.byteLength(page)).toBeLessThan(50_000);
      expect(page).not.toContain('<script');
    });

    it('verifies without a network', async () => {
      await known();
      const bundle = join(folder, 'bundle.jws');
      writeFileSync(bundle, (await api.request('GET', '/.well-known/ovop-trust')).text);
      const { verdicts, status } = verifyOffline(bundle, labels);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(labels.map(() => 'VALID'));
      expect(status).toBe(0);
      const demo = verifyOffline(stack.demo.trustBundle, stack.demo.labels);
      expect(demo.status).toBe(0);
      expect(verifyOffline(bundle, [first().replace('/21/', '/21/0')]).status).toBe(1);
    });

    it.each([
      ['whose lot was changed', 'BAD_SIGNATURE', (uri: string) => uri.replace('/10/E-', '/10/F-')],
      [
        'that was re-hosted',
        'HOST_NOT_TRUSTED',
        (uri: string) => uri.replace(/^https?:\/\/[^/]+/, 'https://q.example.net'),
      ],
      ['of an unknown key', 'UNKNOWN_KEY', (uri: string) => changeSignature(uri, 2)],
      ['without its signature', 'NOT_SIGNED', (uri: string) => uri.replace(/[?&]s=[^&]*/, '')],
      ['of another version', 'UNSUPPORTED_VERSION', (uri: string) => changeSignature(uri, 1)],
      ['with a wrong check digit', 'BAD_FORMAT', (uri: string) => uri.replace(/\/01\/\d{14}/, '/01/09521234543214')],
    ])('tells a label %s: %s', async (_what, verdict, change) => {
      await known();
      const uri = change(first());
      expect(uri).not.toBe(first());
      expect(await verdictOf(uri)).toBe(verdict);
    });

    it('tells a label that was voided and a batch that was recalled', async () => {
      const serial = /\/21\/([^?]+)/.exec(labels[41] ?? '')?.[1];
      const voided = await api.request('POST', '/api/labeling/labels/void', {
        gtin: made.product.gtin,
        serials: [serial],
        reason: 'spoilt',
      });
      expect(voided.status).toBeLessThan(300);
      while ((await verdictOf(labels[41] ?? '')) !== 'LABEL_VOID') await sleep(100);
      const other = await makeBatch(api, 3);
      const { uris } = await printLabels(api, other.batchId, 3);
      await api.request('POST', `/api/batch-tracking/batches/${other.batchId}/recall`, { reason: 'the dye runs' });
      while ((await verdictOf(uris[0] ?? '')) !== 'RECALLED') await sleep(100);
    });

    describeWith('openssl', 'the chain of a printed label', () => {
      it('is accepted by openssl', async () => {
        const bundle = (await api.request('GET', '/.well-known/ovop-trust')).text;
        const payload = JSON.parse(Buffer.from(bundle.split('.')[1] ?? '', 'base64url').toString());
        const kid = Buffer.from(/[?&]s=([^&]+)/.exec(first())?.[1] ?? '', 'base64url')
          .subarray(1, 9)
          .toString('hex');
        const args = writeChain(folder, payload, kid);
        expect(execFileSync('openssl', ['verify', '-ignore_critical', ...args], { encoding: 'utf8' })).toContain('OK');
      });
    });

    describeWith('browser', 'the page on an old phone', () => {
      it('shows the verdict above the fold', async () => {
        const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags });
        try {
          const page = await browser.newPage({
            viewport: { width: 360, height: 640 },
            locale: 'ky',
            javaScriptEnabled: false,
          });
          const asked: string[] = [];
          page.on('request', (request) => asked.push(new URL(request.url()).origin));
          await page.goto(first());
          const box = await page.locator('[data-verdict]').first().boundingBox();
          expect(box).not.toBeNull();
          expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
          expect(new Set(asked)).toEqual(new Set([new URL(stack.demo.baseUrl).origin]));
        } finally {
          await browser.close();
        }
      });
    });
  });
});

const chromiumFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Flips the highest bit of one character of `s`: the second holds the end of the version, the third a part of the kid. */
function changeSignature(uri: string, index: number): string {
  return uri.replace(/(?<=[?&]s=)[^&]*/, (s) => {
    const flipped = base64url[base64url.indexOf(s[index] ?? '') ^ 32] ?? '';
    return s.slice(0, index) + flipped + s.slice(index + 1);
  });
}

/** Writes root, intermediates and leaf as PEM; gives the arguments that openssl verify wants. */
function writeChain(folder: string, payload: { roots: string[]; certificates: string[] }, kid: string): string[] {
  const file = (name: string, ders: string[]): string => {
    const pem = ders.map(
      (der) => `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
    );
    writeFileSync(join(folder, name), pem.join(''));
    return join(folder, name);
  };
  const isLeaf = (der: string): boolean => {
    const input = Buffer.from(der, 'base64');
    return execFileSync('openssl', ['dgst', '-sha256', '-r'], { input, encoding: 'utf8' }).startsWith(kid);
  };
  const leaf = payload.certificates.filter(isLeaf);
  expect(leaf).toHaveLength(1);
  const others = payload.certificates.filter((der) => !isLeaf(der));
  return ['-CAfile', file('root.pem', payload.roots), '-untrusted', file('others.pem', others), file('leaf.pem', leaf)];
}
