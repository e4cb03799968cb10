import { randomInt } from 'node:crypto';
import {
  BatchRecalled,
  BatchReleased,
  OrganisationApproved,
  PlaceRecorded,
  ProductCertified,
  type Batch,
  type EventType,
  type Organisation,
  type Place,
  type Product,
} from '#contracts';
import { checkDigit } from '#label';
import { newId, type Message } from '#platform';
import type { z } from 'zod';

/** The moment at which tests begin. */
export const testNow = new Date('2026-10-05T10:30:00.000Z');

/** An event as it comes from another service, with an id of its own. */
export function message<T extends EventType>(
  type: T,
  subject: string,
  data: z.input<T['data']>,
  time = testNow,
): Message {
  const envelope = {
    ...{ specversion: '1.0', id: newId(time), source: 'test', type: type.type, subject },
    ...{ time: time.toISOString(), datacontenttype: 'application/json', correlationid: 'test', data },
  };
  return { topic: type.topic, key: subject, value: JSON.stringify(envelope) };
}

const village = (): Place => ({
  ...{ id: newId(testNow), country: 'KG', level: 4, type: 'ayyl', parentId: null, codeSystem: null, code: null },
  ...{ names: { en: 'Barskoon', ky: 'Барскоон' }, aliases: [], latitude: null, longitude: null },
  ...{ altitudeMetres: null, validFrom: null, validTo: null },
});

/** A GTIN of a producer's own prefix, and the prefix. */
function gtinOf(prefix: string): string {
  const digits = prefix + String(randomInt(10 ** (12 - prefix.length))).padStart(12 - prefix.length, '0');
  return `0${digits}${checkDigit(digits)}`;
}

export interface Story {
  place: Place;
  organisation: Organisation;
  product: Product;
  batch: Batch;
  /** Place, organisation, product and batch, each told by its service. */
  told: { place: Message; organisation: Message; product: Message; batch: Message };
  recall(): Message;
}

export interface StoryChange {
  organisation?: Partial<Organisation>;
  product?: Partial<Product>;
  batch?: Partial<Batch>;
  validUntil?: string;
}

/** A certified product of an approved producer in a known village, and a released batch of it. */
export function story(change: StoryChange = {}): Story {
  const place = village();
  const code = `T${randomInt(1e6)}`;
  const gtinPrefix = `952${String(randomInt(1e4)).padStart(4, '0')}`;
  const organisation: Organisation = {
    ...{ id: newId(testNow), code, kind: 'producer', legalForm: 'cooperative', country: 'KG', placeId: place.id },
    ...{ names: { en: 'Felt group', ky: 'Кийиз тобу' }, status: 'approved', gtinPrefix, publicName: true },
    ...change.organisation,
  };
  const product: Product = {
    ...{ id: newId(testNow), organisationId: organisation.id, gtin: gtinOf(organisation.gtinPrefix ?? '952') },
    ...{ names: { en: 'White sainfoin honey', ky: 'Эспарцет ак балы' }, category: 'honey', hsCode: '040900' },
    ...{ salesUnit: 'jar', netContent: { value: 250, unit: 'GRM' }, shelfLifeDays: 730, status: 'certified' },
    processTemplate: [{ sequence: 1, code: 'POUR', names: { en: 'Pouring' }, measurements: [], isPublic: true }],
    ...change.product,
  };
  const batch: Batch = {
    ...{ id: newId(testNow), productId: product.id, organisationId: organisation.id, placeId: place.id },
    ...{ gtin: product.gtin, lot: 'H26-0905', status: 'released', madeOn: '2026-08-20', packedOn: '2026-09-05' },
    ...{ bestBefore: '2028-09-05', unitsProduced: 100 },
    ...change.batch,
  };
  const decision = {
    committeeId: newId(testNow),
    committeeNames: { en: 'Committee' },
    decidedAt: testNow.toISOString(),
  };
  const certification = { ...decision, number: 'KG-2026-1', validUntil: change.validUntil ?? '2029-08-01' };
  const recalled: Batch = { ...batch, status: 'recalled' };
  return {
    ...{ place, organisation, product, batch },
    told: {
      place: message(PlaceRecorded, place.id, { place }),
      organisation: message(OrganisationApproved, organisation.id, { organisation, decision }),
      product: message(ProductCertified, product.id, { product, certification }),
      batch: message(BatchReleased, batch.id, { batch }),
    },
    recall: () => message(BatchRecalled, batch.id, { batch: recalled, reason: 'glass splinters' }),
  };
}
