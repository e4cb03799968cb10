import { randomInt } from 'node:crypto';
import {
  OrganisationApproved,
  PlaceRecorded,
  ProductCertified,
  type Certification,
  type EventType,
  type Organisation,
  type Place,
  type Product,
  type StepFacts,
  type StepTemplate,
} from '#contracts';
import { newId, type Message } from '#platform';
import type { z } from 'zod';

/** The moment at which every test of this service happens: 06:00 in Bishkek of the same day. */
export const testNow = new Date('2026-10-05T00:00:00.000Z');
export const today = '2026-10-05';

/** An event as it comes from the register, with an id of its own and the time of the test. */
export function message<T extends EventType>(
  type: T,
  subject: string,
  data: z.input<T['data']>,
  time = testNow,
): Message {
  const envelope = {
    ...{ specversion: '1.0', id: newId(testNow), source: 'registration', type: type.type, subject },
    ...{ time: time.toISOString(), datacontenttype: 'application/json', correlationid: 'test', data },
  };
  return { topic: type.topic, key: subject, value: JSON.stringify(envelope) };
}

export const village = (change: Partial<Place> = {}): Place => ({
  ...{ id: newId(testNow), country: 'KG', level: 4, type: 'ayyl', parentId: null, codeSystem: null, code: null },
  ...{ names: { en: 'Kyzyl-Too' }, aliases: [], latitude: null, longitude: null, altitudeMetres: null },
  ...{ validFrom: null, validTo: null },
  ...change,
});

export const producer = (change: Partial<Organisation> = {}): Organisation => ({
  ...{ id: newId(testNow), code: 'FELT', kind: 'producer', legalForm: 'cooperative', names: { en: 'Felt group' } },
  ...{ country: 'KG', placeId: newId(testNow), status: 'approved', gtinPrefix: '9520007', publicName: true },
  ...change,
});

const stepOf = (sequence: number, code: string, measurements: StepTemplate['measurements'] = []): StepTemplate => ({
  ...{ sequence, code, names: { en: code.toLowerCase() }, measurements, isPublic: true },
});

/** Felt slippers: sort, felt (with a temperature), sew. */
export const feltProcess: StepTemplate[] = [
  stepOf(1, 'SORT'),
  stepOf(2, 'FELTING', [{ name: 'water temperature', unit: 'Cel', limit: '<= 60', required: true }]),
  stepOf(3, 'SEWING'),
];

export const slippers = (change: Partial<Product> = {}): Product => ({
  ...{ id: newId(testNow), organisationId: newId(testNow), gtin: `0952${String(randomInt(1e10)).padStart(10, '0')}` },
  ...{ names: { en: 'Felt slippers' }, category: 'felt', hsCode: '640520', salesUnit: 'pair' },
  ...{ netContent: { value: 1, unit: 'PR' }, shelfLifeDays: null, processTemplate: feltProcess, status: 'certified' },
  ...change,
});

export const certification = (change: Partial<Certification> = {}): Certification => ({
  ...{ committeeId: newId(testNow), committeeNames: { en: 'Committee' }, decidedAt: '2026-08-01T09:00:00.000Z' },
  ...{ number: 'KG-2026-000001', validUntil: '2029-08-01' },
  ...change,
});

export const facts = (placeId: string, change: Partial<StepFacts> = {}): StepFacts => ({
  ...{ sequence: 1, startedAt: '2026-09-20T09:00:00+06:00', endedAt: '2026-09-20T12:00:00+06:00', placeId },
  ...{ inputs: [{ material: 'wool', quantity: { value: 12.5, unit: 'KGM' } }], outputs: [], measurements: [] },
  ...{ note: null },
  ...change,
});

/** A certified product with its organisation and village, and the events that announce them. */
export function certified(change: { product?: Partial<Product>; certification?: Partial<Certification> } = {}) {
  const place = village();
  const organisation = producer({ placeId: place.id });
  const product = slippers({ organisationId: organisation.id, ...change.product });
  const given = certification(change.certification);
  const { committeeId, committeeNames, decidedAt } = given;
  const decision = { committeeId, committeeNames, decidedAt };
  return {
    ...{ place, organisation, product },
    messages: [
      message(ProductCertified, product.id, { product, certification: given }),
      message(OrganisationApproved, organisation.id, { organisation, decision }),
      message(PlaceRecorded, place.id, { place }),
    ],
  };
}
