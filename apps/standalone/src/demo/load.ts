import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { role } from '#contracts';
import type { Config } from '../config.js';
import { say, type Ground } from '../prepare.js';
import { demoPassword, writeWhole } from '../secrets.js';
import { administrator } from './accounts.js';
import { Api, ApiError, eventually } from './api.js';
import { readDemoData } from './data.js';
import { labelsOf, make } from './make.js';
import { register } from './register.js';

/** What a program needs to use the demonstration; written to `demo.json` when all of it is there. */
const demo = z.object({
  baseUrl: z.string(),
  accounts: z.array(z.object({ role, login: z.string(), password: z.string() })),
  apiKey: z.string(),
  sheetPdf: z.string(),
  labels: z.array(z.string()),
  trustBundle: z.string(),
});
export type Demo = z.infer<typeof demo>;

/** The batch whose first sheet is kept as a file. */
const shownBatch = 'B01';

/**
 * Loads the demonstration data over the public HTTP interface, once.
 * After an interruption the next start goes on: each request has its own Idempotency-Key.
 */
export async function loadDemo(config: Config, ground: Ground): Promise<Demo> {
  if (existsSync(config.demoFile)) return demo.parse(JSON.parse(readFileSync(config.demoFile, 'utf8')));
  const apiKey = ground.secrets.apiKey ?? (await issueApiKey(config, ground));
  const api = new Api(localUrl(config), () => apiKey);
  const data = readDemoData();
  const known = await register(api, data, ground.secrets, say);
  const runs = await make(api, data, known, say);
  const [shown] = runs.get(shownBatch) ?? [];
  if (shown === undefined) throw new Error(`the demo data have no batch ${shownBatch} to show`);
  const labels = await labelsOf(api, shown);
  await verified(api, labels);
  const files = { sheetPdf: join(config.dataDir, 'sheet.pdf'), trustBundle: join(config.dataDir, 'trust-bundle.jws') };
  writeWhole(files.sheetPdf, await api.bytes(`/api/labeling/print-runs/${shown}/sheet.pdf`));
  writeWhole(files.trustBundle, await api.bytes('/.well-known/ovop-trust'));
  const password = demoPassword(ground.secrets, administrator.login);
  const accounts = [{ ...administrator, password }, ...known.accounts].map(({ role, login, password }) => ({
    role,
    login,
    password,
  }));
  const loaded = { baseUrl: config.baseUrl, accounts, apiKey, labels, ...files };
  writeWhole(config.demoFile, JSON.stringify(loaded, null, 2));
  return loaded;
}

/** The services of this machine, whatever name the public knows them by. */
const localUrl = ({ port }: Config): string => `http://127.0.0.1:${port}`;

/** Signs in as the administrator and asks for a key with every right; it is shown once, so it is kept at once. */
async function issueApiKey(config: Config, ground: Ground): Promise<string> {
  const { login } = administrator;
  const session = new Api(localUrl(config), () => 'none');
  const signIn = { login, password: demoPassword(ground.secrets, login) };
  const { accessToken } = await eventually(() =>
    session.post('/api/registration/sessions', undefined, signIn, z.object({ accessToken: z.string() })),
  );
  const signedIn = new Api(localUrl(config), () => accessToken);
  const { key } = await signedIn.post(
    '/api/registration/api-keys',
    undefined,
    { role: 'administrator' },
    z.object({ key: z.string() }),
  );
  ground.saveSecrets({ apiKey: key });
  return key;
}

/** Waits until the resolver knows the labels and the bundle that verifies them. */
async function verified(api: Api, labels: string[]): Promise<void> {
  const answer = z.object({ verdict: z.string(), label: z.object({ known: z.boolean() }).nullable() });
  for (const uri of labels) {
    await eventually(async () => {
      const { verdict, label } = await api.get(`/api/verify?uri=${encodeURIComponent(uri)}`, answer);
      if (verdict !== 'VALID' || label?.known !== true) throw new ApiError(409, `${uri} is ${verdict}`);
    });
  }
}
