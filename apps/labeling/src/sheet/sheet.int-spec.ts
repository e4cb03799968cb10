import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../../../../test/support/require.js';
import { story } from '../../test/events.js';
import { startHarness, type Harness, type Key } from '../../test/harness.js';
import { crop, labelsOn, rasterise, readCodes } from '../../test/raster.js';
import { encodeSymbol, symbolVersion } from './qr.js';
import { corner, labelsPerSheet, layoutFor, stock } from './sheet.layout.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const everyLetter = 'ңөүһғқұі ӣӯҳҷ ёЁ';

/** A complete run of a batch whose names are long and have letters of every language. */
async function printed(count: number, language = 'ky') {
  const product = 'Бийик тоолуу эспарцет ак балы, тандалган, айнек идиште, крем абалына чейин чалынган';
  const told = story({
    organisation: { names: { en: 'Felt', ky: `«Тамчы кийиз» кооперативи ${everyLetter}` } },
    product: { names: { en: 'Honey', ky: product } },
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

const sheet = async (producer: Key, id: string, query = ''): Promise<Buffer> =>
  (await harness.send(producer, 'GET', `/print-runs/${id}/sheet.pdf${query}`)).body;

const textOf = (pdf: Buffer): string =>
  execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });

describeWith(['pdftoppm', 'zbarimg'], 'the codes of a sheet', () => {
  it('are read as exactly the labels of the run, in order, at the resolutions of common printers', async () => {
    const { id, producer, items } = await printed(23);
    const pdf = await sheet(producer, id);
    for (const dpi of [150, 203, 300]) {
      const found = rasterise(pdf, dpi).flatMap((page) => readCodes(labelsOn(page, dpi)));
      expect(found).toHaveLength(2 * labelsPerSheet);
      expect(found.flat()).toEqual(items.map(({ uri }) => uri));
    }
  });

  it('are all read from the whole page at once', async () => {
    const { id, producer, items } = await printed(labelsPerSheet);
    const found = readCodes(rasterise(await sheet(producer, id), 300)).flat();
    expect(found.toSorted()).toEqual(items.map(({ uri }) => uri).toSorted());
  });

  it('begin at the place asked for, and leave the place of a void label empty', async () => {
    const { id, producer, items, product } = await printed(3);
    const [first, second, third] = items;
    const body = { gtin: product.gtin, serials: [second?.serial], reason: 'spoilt' };
    await harness.send(producer, 'POST', '/labels/void', body);
    const [page] = rasterise(await sheet(producer, id, '?start=19'), 300);
    if (page === undefined) throw new Error('no page');
    const found = readCodes(labelsOn(page, 300));
    expect(found.slice(0, 18).flat()).toEqual([]);
    expect(found.slice(18)).toEqual([[first?.uri], [], [third?.uri]]);
  });

  it('have nothing in their quiet zone but paper, and nothing is printed between the labels', async () => {
    const dpi = 300;
    const dots = (mm: number): number => Math.round((mm / 25.4) * dpi);
    const { id, producer, items } = await printed(labelsPerSheet);
    const [page] = rasterise(await sheet(producer, id), dpi);
    if (page === undefined) throw new Error('no page');
    const uri = items[0]?.uri ?? '';
    const { module, clear } = layoutFor(encodeSymbol(uri, symbolVersion(uri)).size);
    const isBlank = ({ pixels }: { pixels: Uint8Array }): boolean => pixels.every((pixel) => pixel === 255);
    // The symbol may have moved to the grid by a quarter of a millimetre: the quiet zone less that is looked at.
    const quiet = 4 * module - 0.3;
    for (let place = 0; place < labelsPerSheet; place++) {
      const { x, y } = corner(place);
      const right = x + clear.x + clear.side - quiet;
      expect(isBlank(crop(page, dots(x), dots(y), dots(quiet), dots(clear.side)))).toBe(true);
      expect(isBlank(crop(page, dots(right), dots(y), dots(quiet), dots(clear.side)))).toBe(true);
      const below = y + stock.labelHeight - 0.5;
      expect(isBlank(crop(page, dots(x), dots(below), dots(stock.labelWidth), dots(0.8)))).toBe(true);
      const beside = x + stock.labelWidth - 1;
      expect(isBlank(crop(page, dots(beside), dots(y), dots(2), dots(stock.labelHeight)))).toBe(true);
    }
  });

  it('stand beside the words in the language asked for, with every letter that it needs', async () => {
    const { id, producer, items, batch } = await printed(1);
    const kyrgyz = textOf(await sheet(producer, id));
    for (const text of [
      items[0]?.typedCode,
      `Партия: ${batch.lot}`,
      'Таңгакталды: 05.09.2026',
      '250 g',
      'Барскоон, KG',
    ])
      expect(kyrgyz).toContain(text);
    expect(kyrgyz).toContain('demo, not for trade');
    expect(textOf(await sheet(producer, id, '?language=en'))).toContain('Best before: 05.09.2028');
    for (const letter of everyLetter.replace(/ /g, '')) expect(kyrgyz).toContain(letter);
  });
});

describe('a sheet', () => {
  it('is the same file when it is downloaded again', async () => {
    const { id, producer } = await printed(22);
    const first = await sheet(producer, id);
    expect(first.subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    expect(first.equals(await sheet(producer, id))).toBe(true);
  });

  it('is refused while labels are being signed, with how far it is', async () => {
    const { id, producer } = await printed(1);
    await harness.sql.query("UPDATE print_run SET status = 'signing', count = 5 WHERE id = $1", [id]);
    const { status, body } = await harness.send(producer, 'GET', `/print-runs/${id}/sheet.pdf`);
    await harness.sql.query("UPDATE print_run SET status = 'complete', count = 1 WHERE id = $1", [id]);
    expect(status).toBe(409);
    expect(body.detail).toContain('1 of 5 labels are signed');
  });

  it('is for the own organisation only, and for a place that a sheet has', async () => {
    const { id, producer } = await printed(1);
    const stranger = await harness.key('producer', { organisationId: producer.id });
    expect((await harness.send(stranger, 'GET', `/print-runs/${id}/sheet.pdf`)).status).toBe(403);
    expect((await harness.send(producer, 'GET', `/print-runs/${id}/sheet.pdf?start=22`)).status).toBe(400);
  });
});
