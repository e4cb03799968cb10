import { randomUUID } from 'node:crypto';
import { LabelsIssued } from '#contracts';
import { signLabel } from '../../dist/libs/pki/src/sign/index.js';
import { anySerial, bundlePublished, makeAuthority, openRun } from './authority.mjs';
import { environmentOf, onGround, processOf } from './ground.mjs';
import { load } from './load.mjs';
import { compare, interleave } from './measure.mjs';
import { gtin, host, lot, makeStory, message } from './story.mjs';

const labels = 5000;
const milliseconds = 600;
const warmUpMilliseconds = 4000;

/** What a phone gets for a label, and what a program gets, each over HTTP from a process of its own. */
export function benchScan() {
  return onGround(async (ground) => {
    const { url } = await ground.database('resolver');
    const authority = makeAuthority();
    const signed = signLabels(authority);
    const resolver = await processOf(ground, 'serve.mjs', ['resolver'], environmentOf(url));
    await resolver.ask({ receive: eventsOf(authority, signed) });
    const bare = await openBare(ground, url, authority, signed);
    await assertValid(resolver.port, signed[0].uri);
    const uriOf = (number) => signed[number % labels].uri;
    const html = { accept: 'text/html,application/xhtml+xml', 'accept-language': 'ru-RU,ru;q=0.9' };
    const cpu = async () => (await resolver.ask({ cpu: true })).cpu;
    const pages = {
      ...{ port: resolver.port, cpu, headers: html, milliseconds },
      pathOf: (number) => uriOf(number).slice(`https://${host}`.length),
    };
    const api = {
      ...{ port: resolver.port, cpu, milliseconds },
      pathOf: (number) => `/api/verify?uri=${encodeURIComponent(uriOf(number))}`,
    };
    const byCpu = { bare: [], page: [], api: [] };
    const measure = (name, options) => async (round) => {
      const { rate, perCpuSecond } = await load(options);
      if (round > 0) byCpu[name].push(perCpuSecond);
      return rate;
    };
    // A process that has just started is still being compiled.
    for (const options of [bare, pages, api]) await load({ ...options, milliseconds: warmUpMilliseconds });
    const rates = await interleave(
      { bare: measure('bare', bare), page: measure('page', pages), api: measure('api', api) },
      { rounds: 11 },
    );
    return [
      compare('scan: page of a label', 'pages/s', rates.page, [rates.bare], 0.4),
      compare('  by processor time', 'pages/s', byCpu.page, [byCpu.bare]),
      compare('scan: /api/verify', 'answers/s', rates.api, [rates.bare]),
      compare('  by processor time', 'answers/s', byCpu.api, [byCpu.bare]),
    ];
  });
}

function signLabels(authority) {
  const run = openRun(authority);
  return Array.from({ length: labels }, () => {
    const prepared = run.prepare(anySerial());
    const { serial, uri } = signLabel(prepared, authority.signer);
    const signature = Buffer.from(uri.slice(-100), 'base64url').subarray(11);
    return {
      serial,
      uri,
      input: Buffer.from(prepared.input).toString('base64'),
      signature: signature.toString('base64'),
    };
  });
}

function eventsOf(authority, signed) {
  const { messages, batchId, productId, organisationId } = makeStory();
  const printRunId = randomUUID();
  const run = { printRunId, batchId, productId, organisationId, gtin, lot, kid: authority.kid };
  const issuedAt = new Date().toISOString();
  const serials = signed.map(({ serial }) => serial);
  const issued = Array.from({ length: labels / 1000 }, (_, chunk) =>
    message(LabelsIssued, printRunId, { ...run, issuedAt, serials: serials.slice(chunk * 1000, (chunk + 1) * 1000) }),
  );
  return [...messages, bundlePublished(authority), ...issued];
}

async function openBare(ground, url, { publicKey }, signed) {
  const { port, ask } = await processOf(ground, 'bare-server.mjs', [], { DATABASE_URL: url });
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await ask({ checks: { spki, signed: signed.map(({ input, signature }) => ({ input, signature })) } });
  const cpu = async () => (await ask({ cpu: true })).cpu;
  return { port, cpu, milliseconds, pathOf: (number) => `/${number}/${gtin}/${signed[number % labels].serial}` };
}

/** A fast answer that is wrong would be worth nothing. */
async function assertValid(port, uri) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/verify?uri=${encodeURIComponent(uri)}`);
  const { verdict, steps, label } = await answer.json();
  if (verdict !== 'VALID' || steps?.length !== 13 || label.known !== true)
    throw new Error(`the label is ${verdict} with ${steps?.length} steps`);
}
