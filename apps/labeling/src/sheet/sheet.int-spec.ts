import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../../../../test/support/require.js';
import { story } from '../../test/events.js';
import { startHarness, type Harness, type Key } from '../../test/harness.js';

let harness: Harness;
let folder: string;
beforeAll(async () => {
  harness = await startHarness();
  folder = mkdtempSync(join(tmpdir(), 'ovop-sheet-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await harness.stop();
});

/** A complete run of a batch with names of every length and letter. */
async function printed(count: number, language = 'ky') {
  const told = story({
    organisation: { names: { en: 'Felt', ky: '«Тамчы кийиз устаканасы» кооперативи — ңөү ғқұһі ӣӯҳҷ' } },
    product: {
      names: { en: 'Honey', ky: 'Бал', ru: 'Мёд эспарцетовый белый крем-мёд высокогорный отборный в стекле' },
    },
  });
  await harness.tell(told);
  const producer = await harness.key('producer', { organisationId: told.organisation.id });
  const body = { batchId: told.batch.id, count, language };
  const { id } = (await harness.send(producer, 'POST', '/print-runs', body)).body;
  await harness.until("SELECT 1 FROM print_run WHERE id = $1 AND status = 'complete'", id);
  const { body: page } = await harness.send(producer, 'GET', `/print-runs/${id}/labels`);
  const items: { uri: string; serial: string; typedCode: string }[] = page.items;
  return { ...told, id: String(id), producer, items };
}

const pdfOf = async (producer: Key, id: string, query = ''): Promise<Buffer> =>
  (await harness.send(producer, 'GET', `/print-runs/${id}/sheet.pdf${query}`)).body;

function decode(pdf: Buffer, dpi: number): string[] {
  const prefix = join(folder, `page${dpi}`);
  writeFileSync(`${prefix}.pdf`, pdf);
  execFileSync('pdftoppm', ['-r', String(dpi), '-gray', `${prefix}.pdf`, prefix]);
  const pages = readdirSync(folder).filter((name) => name.startsWith(`page${dpi}`) && name.endsWith('.pgm'));
  const args = ['--raw', '-q', '-Sdisable', '-Sqrcode.enable', ...pages.sort()];
  const lines = execFileSync('zbarimg', args, { cwd: folder, encoding: 'utf8' });
  for (const page of pages) rmSync(join(folder, page));
  return lines.split('\n').filter(Boolean);
}

describeWith(['pdftoppm', 'zbarimg'], 'the codes of a sheet', () => {
  it.each([150, 203, 300])('are read as the exact labels at %s dpi', async (dpi) => {
    const { id, producer, items } = await printed(23, 'ru');
    const pdf = await pdfOf(producer, id);
    if (process.env['KEEP']) writeFileSync(process.env['KEEP'], pdf);
    expect(decode(pdf, dpi).sort()).toEqual(items.map(({ uri }) => uri).sort());
  });
});

describe('a sheet', () => {
  it('is the same file when it is downloaded again', async () => {
    const { id, producer } = await printed(22);
    const first = await pdfOf(producer, id);
    expect(first.subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    expect(first.equals(await pdfOf(producer, id))).toBe(true);
  });
});
