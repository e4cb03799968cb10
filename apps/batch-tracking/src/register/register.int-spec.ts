import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrganisationRegistered, PlaceRecorded, ProductCertified, ProductRegistered } from '#contracts';
import type { Message } from '#platform';
import { startHarness, type Harness } from '../../test/harness.js';
import { certification, certified, message, producer, slippers, testNow, village } from '../../test/register.js';

describe('the copies of the register', () => {
  let harness: Harness;
  const earlier = new Date(testNow.getTime() - 60_000);

  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  const rows = async (table: 'place' | 'organisation' | 'product', id: string) =>
    (await harness.sql.query(`SELECT * FROM ${table} WHERE id = $1`, [id])).rows;
  const receive = (...messages: Message[]) => harness.receive(messages);

  it('keep what they are told, in whatever order the topics bring it', async () => {
    const { product, organisation, place, messages } = certified({ product: { shelfLifeDays: 730 } });
    await receive(...messages);
    expect(await rows('place', place.id)).toMatchObject([{ country: 'KG', level: 4, names: place.names }]);
    expect(await rows('organisation', organisation.id)).toMatchObject([{ status: 'approved', place_id: place.id }]);
    expect(await rows('product', product.id)).toMatchObject([
      {
        ...{ gtin: product.gtin, status: 'certified', certification_number: 'KG-2026-000001', shelf_life_days: 730 },
        process_template: product.processTemplate,
      },
    ]);
  });

  it('do not change when the same event comes twice', async () => {
    const { product, messages } = certified();
    await receive(...messages);
    await harness.sql.query("UPDATE product SET status = 'untouched' WHERE id = $1", [product.id]);
    await receive(...messages, ...messages);
    expect(await rows('product', product.id)).toMatchObject([{ status: 'untouched' }]);
  });

  it('follow a later event', async () => {
    const place = village();
    await receive(message(PlaceRecorded, place.id, { place }, earlier));
    await receive(message(PlaceRecorded, place.id, { place: { ...place, names: { en: 'Renamed' } } }));
    expect(await rows('place', place.id)).toMatchObject([{ names: { en: 'Renamed' } }]);
  });

  it('are not undone by an earlier event that comes late', async () => {
    const [place, organisation, product] = [village(), producer({ status: 'suspended' }), slippers()];
    await receive(
      message(PlaceRecorded, place.id, { place }),
      message(OrganisationRegistered, organisation.id, { organisation }),
      message(ProductCertified, product.id, { product, certification: certification() }),
    );
    await receive(
      message(PlaceRecorded, place.id, { place: { ...place, names: { en: 'Old' } } }, earlier),
      message(
        OrganisationRegistered,
        organisation.id,
        { organisation: { ...organisation, status: 'registered' } },
        earlier,
      ),
      message(ProductRegistered, product.id, { product: { ...product, status: 'registered' } }, earlier),
    );
    expect(await rows('place', place.id)).toMatchObject([{ names: place.names }]);
    expect(await rows('organisation', organisation.id)).toMatchObject([{ status: 'suspended' }]);
    expect(await rows('product', product.id)).toMatchObject([{ status: 'certified' }]);
  });

  it('take a certification that comes after a later word about its product', async () => {
    const product = slippers();
    await receive(message(ProductRegistered, product.id, { product }));
    const late = { product: { ...product, status: 'registered' as const }, certification: certification() };
    await receive(message(ProductCertified, product.id, late, earlier));
    expect(await rows('product', product.id)).toMatchObject([
      { status: 'certified', certification_number: 'KG-2026-000001' },
    ]);
  });

  it('set an event aside that breaks its schema, and go on with the next', async () => {
    const { product, messages } = certified();
    const broken = message(ProductRegistered, product.id, { product: { ...product, gtin: '09520000700010' } });
    await receive({ ...broken, value: broken.value.replace('09520000700010', 'no number') }, ...messages);
    expect(await rows('product', product.id)).toHaveLength(1);
    const letters = await harness.sql.query('SELECT error_code FROM dead_letter WHERE key = $1', [product.id]);
    expect(letters.rows).toEqual([{ error_code: 'invalid' }]);
  });
});
