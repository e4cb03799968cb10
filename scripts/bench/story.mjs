import { randomUUID } from 'node:crypto';
import {
  BatchOpened,
  BatchReleased,
  OrganisationApproved,
  PlaceRecorded,
  ProductCertified,
  StepRecorded,
} from '#contracts';

export const host = 'ovop.example';
export const gtin = '09521234567899';
export const gtinPrefix = '9521234';
export const lot = 'TAM-26-07';

const day = 86_400_000;
const ago = (days) => new Date(Date.now() - days * day);
const dayOf = (date) => date.toISOString().slice(0, 10);

/** An event as it travels, from whichever service it is of. */
export function message(type, subject, data, time = new Date()) {
  const id = randomUUID();
  const value = JSON.stringify({
    ...{ specversion: '1.0', id, type: type.type, subject, correlationid: id },
    ...{ source: type.topic.split('.')[0], datacontenttype: 'application/json', time: time.toISOString() },
    data: type.data.parse(data),
  });
  return { topic: type.topic, key: subject, value };
}

/** A step in the making of a batch. */
export const stepOf = (sequence, placeId) => ({
  ...{ id: randomUUID(), sequence, code: `STEP_${sequence}`, placeId, recordedBy: randomUUID(), corrected: false },
  ...{ startedAt: ago(40 - 2 * sequence).toISOString(), endedAt: ago(39.5 - 2 * sequence).toISOString() },
  recordedAt: ago(39 - 2 * sequence).toISOString(),
  inputs: [{ material: 'greasy wool', quantity: { value: 16, unit: 'KGM' } }],
  outputs: [{ material: 'sorted wool', quantity: { value: 13.6, unit: 'KGM' } }],
  measurements: [{ name: 'water temperature', value: 48.5, unit: '°C' }],
  note: sequence % 4 === 0 ? 'Rolled by eight women of the group for two days.' : null,
});

/** A felt carpet's history in thirteen steps: enough for labels to be printed and for a page to tell it. */
export function makeStory(unitsProduced = 1_000_000) {
  const places = placesOf();
  const village = places.at(-1);
  const ids = { organisationId: randomUUID(), batchId: randomUUID(), productId: randomUUID() };
  const decision = {
    ...{ committeeId: randomUUID(), committeeNames: { en: 'Issyk-Kul Brand Committee (demo)' } },
    decidedAt: ago(100).toISOString(),
  };
  const organisation = {
    ...{ id: ids.organisationId, code: 'P01', kind: 'producer', legalForm: 'cooperative', country: 'KG' },
    names: { en: 'Tamchy Kiyiz Ustakanasy (demo)', ky: '«Тамчы кийиз устаканасы» кооперативи (демо)' },
    ...{ placeId: village.id, status: 'approved', gtinPrefix, publicName: true },
  };
  const names = (sequence) => ({ en: `Craft step ${sequence} of the carpet`, ky: `Килемдин ${sequence}-кадамы` });
  const steps = Array.from({ length: 13 }, (_, index) => stepOf(index + 1, village.id));
  const product = {
    ...{ id: ids.productId, organisationId: organisation.id, gtin, category: 'felt_carpet', hsCode: '570490' },
    ...{ names: { en: 'Shyrdak felt carpet', ru: 'Войлочный ковёр шырдак', ky: 'Шырдак' }, salesUnit: 'piece' },
    ...{ netContent: { value: 1, unit: 'H87' }, shelfLifeDays: null, status: 'certified' },
    processTemplate: steps.map(({ sequence, code }) => ({
      ...{ sequence, code, names: names(sequence), measurements: [], isPublic: true },
    })),
  };
  const batch = {
    ...{ id: ids.batchId, productId: product.id, organisationId: organisation.id, placeId: village.id, gtin, lot },
    ...{ status: 'released', madeOn: dayOf(ago(40)), packedOn: dayOf(ago(3)), bestBefore: null, unitsProduced },
  };
  const open = { ...batch, status: 'open', packedOn: null, unitsProduced: null };
  const certification = { ...decision, number: 'KG-Y-2026-014', validUntil: dayOf(ago(-900)) };
  const messages = [
    ...places.map((place) => message(PlaceRecorded, place.id, { place }, ago(200))),
    message(OrganisationApproved, organisation.id, { organisation, decision }, ago(140)),
    message(ProductCertified, product.id, { product, certification }, ago(100)),
    message(BatchOpened, batch.id, { batch: open }, ago(40)),
    ...steps.map((step) => message(StepRecorded, batch.id, { batchId: batch.id, step }, ago(20))),
    message(BatchReleased, batch.id, { batch }, ago(3)),
  ];
  return { ...ids, messages };
}

/** A village and what it lies in, from the country down. */
function placesOf() {
  const types = ['country', 'oblast', 'district', 'ayyl_aimak', 'ayyl'];
  const names = ['Kyrgyz Republic', 'Issyk-Kul Region', 'Issyk-Kul District', 'Tamchy ayyl aimagy', 'Tamchy'];
  const places = [];
  for (const [level, type] of types.entries()) {
    places.push({
      ...{ id: randomUUID(), country: 'KG', level, type, parentId: places.at(-1)?.id ?? null },
      ...{ names: { en: names[level] }, codeSystem: null, code: null, aliases: [] },
      ...{ latitude: 42.57, longitude: 76.66, altitudeMetres: 1625, validFrom: null, validTo: null },
    });
  }
  return places;
}
