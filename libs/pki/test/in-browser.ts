import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../../scripts/lib/tools.mjs';

/** A page that has loaded the verifier and answers with plain JSON. */
export interface VerifierPage {
  /** Runs the body of an async function in the page; it sees the verifier's exports as `verifier` and `input`. */
  run(body: string, input: unknown): Promise<unknown>;
  /** Cuts the network: what is loaded must do. */
  goOffline(): Promise<void>;
  close(): Promise<void>;
}

const html = `<!doctype html><title>verifier</title><script type="module">
import * as verifier from '/ovop-verify.js';
globalThis.bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
globalThis.verifier = verifier;
</script>`;

/** Opens headless Chromium on a page of this machine that loads the module in `file` and nothing else. */
export async function openVerifierPage(file: string): Promise<VerifierPage> {
  const server = createServer(({ url }, reply) => {
    const [type, text] = url === '/ovop-verify.js' ? ['text/javascript', readFileSync(file)] : ['text/html', html];
    reply.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
  });
  const port = await listen(server);
  const browser = await chromium.launch({ executablePath: findBrowser() ?? 'chromium', args: ['--no-sandbox'] });
  const page = await load(browser, `http://127.0.0.1:${port}/`);
  return {
    run: (body, input) => page.evaluate(`(async (input) => {${body}})(${JSON.stringify(input)})`),
    goOffline: () => page.context().setOffline(true),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

async function load(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url, { waitUntil: 'load' });
  const loaded = await page.evaluate('typeof verifier === "object"');
  if (loaded !== true) throw new Error(`the verifier does not load: ${faults.join('; ')}`);
  return page;
}
