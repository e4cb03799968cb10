import type { PlaceWithPath } from '../stories/story.rules.js';
import type { Story } from '../stories/story-view.js';
import { datesOf } from './dates.rules.js';
import type { Outcome } from './verification.service.js';
import type { VerifyAnswer } from './verify.schemas.js';

/** The answer for programs. What a page may not show beside its verdict, a program is not told either. */
export function toAnswer(outcome: Outcome): VerifyAnswer {
  const { uri, now, verdict, shown } = outcome;
  const { facts } = verdict;
  const story = outcome.story;
  return {
    uri,
    verdict: verdict.code,
    reason: verdict.reason ?? null,
    language: verdict.language,
    headline: verdict.headline,
    sentence: verdict.sentence,
    verifiedAt: now.toISOString(),
    label: labelOf(outcome),
    fault: facts.field === undefined ? null : { field: facts.field, position: facts.position ?? 0 },
    product: productOf(story),
    producer: shown === 'story' && story !== undefined ? producerOf(story) : null,
    village: shown === 'story' ? villageOf(story?.origin) : null,
    batch: batchOf(outcome),
    steps: shown === 'story' ? stepsOf(story) : [],
    certification: shown === 'story' ? certificationOf(story) : null,
    certificate: certificateOf(outcome),
    bundle: facts.bundle ?? null,
  };
}

function labelOf({ label, verdict, entry, asked }: Outcome): VerifyAnswer['label'] {
  if (label === undefined) return null;
  const { gtin, lot = null, serial, attributes } = label;
  const { kid = null, issueDay = null } = verdict.facts;
  return {
    ...{ gtin, lot, serial, attributes, kid, issueDay },
    known: asked ? entry !== undefined : null,
    voidedAt: entry?.voidedAt?.toISOString() ?? null,
    voidReason: entry?.voidReason ?? null,
    scans: entry?.scans ?? null,
  };
}

function productOf(story: Story | undefined): VerifyAnswer['product'] {
  if (story?.product == null) return null;
  const { gtin, names, category, hsCode, netContent } = story.product;
  return { gtin, names, category, hsCode, netContent };
}

function producerOf(story: Story): NonNullable<VerifyAnswer['producer']> {
  return { names: story.makerNames, village: story.makerPlace?.place.names ?? null };
}

function villageOf(origin: PlaceWithPath | undefined): VerifyAnswer['village'] {
  if (origin === undefined) return null;
  const { country, level, code, names, latitude, longitude, altitudeMetres } = origin.place;
  const path = origin.path.map((place) => ({
    country: place.country,
    level: place.level,
    code: place.code,
    names: place.names,
  }));
  return { country, level, code, names, latitude, longitude, altitudeMetres, path };
}

function batchOf({ label, story, now }: Outcome): VerifyAnswer['batch'] {
  if (story?.batch == null) return null;
  const { lot, status, madeOn } = story.batch;
  return { lot, status, madeOn, ...datesOf(label, story, now), recallReason: story.recallReason };
}

function stepsOf(story: Story | undefined): VerifyAnswer['steps'] {
  return (story?.steps ?? []).map(({ names, step, place }) => {
    const { sequence, code, startedAt, endedAt, inputs, outputs, measurements, note, corrected } = step;
    const facts = { sequence, code, startedAt, endedAt, inputs, outputs, measurements, note, corrected };
    return { ...facts, names, place: place?.place.names ?? null };
  });
}

function certificationOf(story: Story | undefined): VerifyAnswer['certification'] {
  if (story?.certification == null) return null;
  const { committeeNames, decidedAt, number, validUntil } = story.certification;
  return { committeeNames, decidedAt, number, validUntil };
}

function certificateOf({ verdict }: Outcome): VerifyAnswer['certificate'] {
  const { certificate } = verdict.facts;
  if (certificate === undefined) return null;
  const { subject, country = null, producerId = null, notBefore, notAfter } = certificate;
  return { subject, country, producerId, notBefore, notAfter };
}
