import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  BatchOpened,
  BatchRecalled,
  BatchReleased,
  LabelsIssued,
  LabelsVoided,
  OrganisationApproved,
  OrganisationRegistered,
  PlaceRecorded,
  ProductCertified,
  ProductRegistered,
  StepCorrected,
  StepRecorded,
  TrustBundlePublished,
  type Batch,
  type EventType,
  type Organisation,
  type Place,
  type Product,
  type Step,
} from '#contracts';

export interface TestMessage {
  topic: string;
  key: string;
  value: string;
}

/** An event as it travels. */
export function message<T extends EventType>(
  type: T,
  subject: string,
  data: z.input<T['data']>,
  time: Date,
): TestMessage {
  const id = randomUUID();
  const value = JSON.stringify({
    ...{ specversion: '1.0', id, type: type.type, subject, correlationid: id },
    ...{ source: type.topic.split('.')[0], datacontenttype: 'application/json', time: time.toISOString() },
    data: type.data.parse(data),
  });
  return { topic: type.topic, key: subject, value };
}

const place = (level: number, country: Place['country'], names: Place['names'], parent: Place | null): Place => ({
  ...{ id: randomUUID(), country, level, names, parentId: parent?.id ?? null },
  type: ['country', 'oblast', 'district', 'ayyl_aimak', 'ayyl'][level] ?? 'ayyl',
  ...{ codeSystem: null, code: null, aliases: [], latitude: null, longitude: null, altitudeMetres: null },
  ...{ validFrom: null, validTo: null },
});

const stepNames: [string, Product['names']][] = [
  [
    'WOOL_BUY',
    { en: 'Raw wool purchase and intake', ru: 'Закупка и приёмка шерсти', ky: 'Жүн сатып алуу жана кабыл алуу' },
  ],
  [
    'WOOL_SORT',
    { en: 'Sorting and picking out dirt', ru: 'Сортировка и очистка от сора', ky: 'Жүндү иргөө жана тазалоо' },
  ],
  ['WOOL_WASH', { en: 'Washing the wool', ru: 'Мойка шерсти', ky: 'Жүндү жуу' }],
  ['WOOL_CARD', { en: 'Carding', ru: 'Кардочесание', ky: 'Жүндү тытуу' }],
  ['LAYOUT', { en: 'Laying out the wool', ru: 'Раскладка шерсти', ky: 'Жүндү жайып төшөө' }],
  [
    'WET_FELT',
    { en: 'Wet felting with soap and water', ru: 'Мокрое валяние с мылом и водой', ky: 'Самын суу менен кийиз басуу' },
  ],
  ['DYE', { en: 'Dyeing', ru: 'Окрашивание', ky: 'Боёо' }],
  [
    'CUT_PATTERN',
    { en: 'Drawing and cutting the pattern', ru: 'Разметка и вырезание узора', ky: 'Оймо чийүү жана кесүү' },
  ],
  ['STITCH', { en: 'Stitching the mosaic', ru: 'Сшивание мозаики', ky: 'Оюларды бириктирип тигүү' }],
  [
    'JEEK',
    {
      en: 'Twisting and sewing on the cord (jeek)',
      ru: 'Плетение и пришивание шнура (жээк)',
      ky: 'Жээк эшүү жана тигүү',
    },
  ],
  ['TRIM', { en: 'Trimming and pressing', ru: 'Подрезка и прессование', ky: 'Кыркуу жана басуу' }],
  ['CHECK', { en: 'Final inspection', ru: 'Итоговый контроль', ky: 'Акыркы текшерүү' }],
  [
    'LABEL',
    { en: 'Label printing and application', ru: 'Печать и наклейка этикетки', ky: 'Этикетка басуу жана чаптоо' },
  ],
];

/** A felt carpet's whole history: thirteen public steps and one that is not, made at Tamchy on lake Issyk-Kul. */
export function testStory(now: Date, gtin = '09521234567899', lot = 'TAM-2026-07') {
  const at = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  const country = place(
    0,
    'KG',
    { en: 'Kyrgyz Republic', ru: 'Кыргызская Республика', ky: 'Кыргыз Республикасы' },
    null,
  );
  const oblast = place(
    1,
    'KG',
    { en: 'Issyk-Kul Region', ru: 'Иссык-Кульская область', ky: 'Ысык-Көл облусу' },
    country,
  );
  const district = place(
    2,
    'KG',
    { en: 'Issyk-Kul District', ru: 'Иссык-Кульский район', ky: 'Ысык-Көл району' },
    oblast,
  );
  const aimak = place(
    3,
    'KG',
    { en: 'Tamchy ayyl aimagy', ru: 'Тамчынский айыл аймагы', ky: 'Тамчы айыл аймагы' },
    district,
  );
  const village: Place = {
    ...place(4, 'KG', { en: 'Tamchy', ru: 'Тамчы', ky: 'Тамчы' }, aimak),
    ...{ codeSystem: 'SOATE', code: '41702215830010', latitude: 42.57, longitude: 76.66, altitudeMetres: 1625 },
  };
  const committee = randomUUID();
  const decision = {
    committeeId: committee,
    committeeNames: {
      en: 'Issyk-Kul Brand Committee (demo)',
      ru: 'Комитет «Бренд Иссык-Куль» (демо)',
      ky: '«Ысык-Көл бренди» комитети (демо)',
    },
    decidedAt: at(100).toISOString(),
  };
  const organisation: Organisation = {
    ...{ id: randomUUID(), code: 'P01', kind: 'producer', legalForm: 'cooperative', country: 'KG' },
    names: {
      en: 'Tamchy Kiyiz Ustakanasy (demo)',
      ru: 'Кооператив «Тамчы кийиз устаканасы» (демо)',
      ky: '«Тамчы кийиз устаканасы» кооперативи (демо)',
    },
    ...{ placeId: village.id, status: 'approved', gtinPrefix: gtin.slice(1, 8), publicName: true },
  };
  const hidden = {
    sequence: 14,
    code: 'PRICE',
    names: { en: 'Secret price talks' },
    measurements: [],
    isPublic: false,
  };
  const product: Product = {
    ...{ id: randomUUID(), organisationId: organisation.id, gtin, category: 'felt_carpet', hsCode: '570490' },
    names: { en: 'Shyrdak felt carpet', ru: 'Войлочный ковёр шырдак', ky: 'Шырдак' },
    ...{ salesUnit: 'piece', netContent: { value: 1, unit: 'H87' }, shelfLifeDays: null, status: 'certified' },
    processTemplate: [
      ...stepNames.map(([code, names], i) => ({ sequence: i + 1, code, names, measurements: [], isPublic: true })),
      hidden,
    ],
  };
  const batch: Batch = {
    ...{ id: randomUUID(), productId: product.id, organisationId: organisation.id, placeId: village.id, gtin, lot },
    ...{ status: 'released', madeOn: dayOf(at(40)), packedOn: dayOf(at(3)), bestBefore: null, unitsProduced: 40 },
  };
  const steps: Step[] = product.processTemplate.map(({ sequence, code }) => ({
    ...{ id: randomUUID(), sequence, code, placeId: village.id, recordedBy: randomUUID(), corrected: false },
    startedAt: at(40 - 2 * sequence).toISOString(),
    endedAt: at(39.5 - 2 * sequence).toISOString(),
    recordedAt: at(39 - 2 * sequence).toISOString(),
    inputs: [{ material: 'greasy wool', quantity: { value: 16, unit: 'KGM' } }],
    outputs: [
      { material: 'sorted wool', quantity: { value: 13.6, unit: 'KGM' } },
      { material: 'waste', quantity: { value: 2.4, unit: 'KGM' } },
    ],
    measurements: [{ name: 'water temperature', value: 48.5, unit: '°C' }],
    note: sequence === 6 ? 'Rolled by eight women of the group for two days.' : null,
  }));
  return { at, country, oblast, district, aimak, village, organisation, decision, product, batch, steps };
}

export type TestStory = ReturnType<typeof testStory>;

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** The events of a story in the order in which they happened; each aggregate's own order must be kept. */
export function storyEvents(story: TestStory): TestMessage[] {
  const { at, organisation, product, batch, steps, decision } = story;
  const places = [story.country, story.oblast, story.district, story.aimak, story.village];
  const certification = { ...decision, number: 'KG-Y-2026-014', validUntil: dayOf(at(-900)) };
  return [
    ...places.map((place) => message(PlaceRecorded, place.id, { place }, at(200))),
    message(
      OrganisationRegistered,
      organisation.id,
      { organisation: { ...organisation, status: 'registered' } },
      at(150),
    ),
    message(OrganisationApproved, organisation.id, { organisation, decision }, at(140)),
    message(ProductRegistered, product.id, { product: { ...product, status: 'registered' } }, at(130)),
    message(ProductCertified, product.id, { product, certification }, at(100)),
    message(
      BatchOpened,
      batch.id,
      { batch: { ...batch, status: 'open', packedOn: null, unitsProduced: null } },
      at(40),
    ),
    ...steps.map((step) => message(StepRecorded, batch.id, { batchId: batch.id, step }, new Date(step.recordedAt))),
    message(BatchReleased, batch.id, { batch }, at(3)),
  ];
}

export function correctedStep(story: TestStory, index: number, change: Partial<Step>): TestMessage {
  const { batch, steps, at } = story;
  const before = steps[index];
  if (before === undefined) throw new RangeError(`there is no step ${index}`);
  const { id: _id, code: _code, recordedBy, recordedAt: _at, corrected: _corrected, ...previous } = before;
  const step = { ...before, ...change, corrected: true };
  const data = { batchId: batch.id, step, previous, reason: 'read wrongly', correctedBy: recordedBy };
  return message(StepCorrected, batch.id, data, at(2));
}

export function recalled(story: TestStory, reason: string): TestMessage {
  const { batch, at } = story;
  return message(BatchRecalled, batch.id, { batch: { ...batch, status: 'recalled' }, reason }, at(0));
}

export function labelsIssued(story: TestStory, serials: string[], kid: string, printRunId: string): TestMessage {
  const { batch, product, organisation, at } = story;
  const { gtin, lot } = batch;
  const ids = { printRunId, batchId: batch.id, productId: product.id, organisationId: organisation.id };
  return message(LabelsIssued, printRunId, { ...ids, gtin, lot, kid, issuedAt: at(1).toISOString(), serials }, at(1));
}

export function labelsVoided(story: TestStory, serials: string[], printRunId: string): TestMessage {
  const voidedAt = story.at(0).toISOString();
  const data = { printRunId, gtin: story.batch.gtin, serials, reason: 'lost' as const, voidedAt };
  return message(LabelsVoided, printRunId, data, story.at(0));
}

/** A bundle in parts of `size` characters. */
export function bundleParts(seq: number, jws: string, issuedAt: Date, size = 600_000): TestMessage[] {
  const parts = Math.ceil(jws.length / size);
  const nextUpdate = new Date(issuedAt.getTime() + 30 * 86_400_000).toISOString();
  return Array.from({ length: parts }, (_, part) => {
    const content = jws.slice(part * size, (part + 1) * size);
    const data = { seq, issuedAt: issuedAt.toISOString(), nextUpdate, part, parts, content };
    return message(TrustBundlePublished, 'trust-bundle', data, issuedAt);
  });
}
