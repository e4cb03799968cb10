import { describe, expect, it } from '@jest/globals';
import { testStory } from '../../../../test/support/resolver/story.js';
import { LruCache } from '../cache.js';
import { dayOfAttribute, isPast, localDay, placeWithPath, publicNames, publicSteps } from './story.rules.js';

const story = testStory(new Date('2026-11-20T06:00:00Z'));
const places = [story.country, story.oblast, story.district, story.aimak, story.village];
const row = { product: story.product, steps: story.steps, places };

describe('the steps of a story', () => {
  it('come in the order of the craft, whatever order they were recorded in', () => {
    const shown = publicSteps({ ...row, steps: [...story.steps].reverse() });
    expect(shown.map(({ step }) => step.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(shown[0]?.names.en).toBe('Raw wool purchase and intake');
  });

  it('are held back when the template hides them, does not know them, or is not there', () => {
    expect(publicSteps(row).some(({ step }) => step.code === 'PRICE')).toBe(false);
    const strange = story.steps.map((step) => ({ ...step, code: 'STRANGE' }));
    expect(publicSteps({ ...row, steps: strange })).toEqual([]);
    expect(publicSteps({ ...row, product: null })).toEqual([]);
  });
});

describe('a place', () => {
  it('comes with its parents from the nearest up', () => {
    const found = placeWithPath(places, story.village.id);
    expect(found?.path.map(({ level }) => level)).toEqual([3, 2, 1, 0]);
  });

  it('that is not known yet, or whose parents go round in a circle, does no harm', () => {
    expect(placeWithPath(places, undefined)).toBeUndefined();
    expect(placeWithPath([story.village], story.village.id)?.path).toEqual([]);
    const circle = places.map((place) => ({ ...place, parentId: story.village.id }));
    expect(placeWithPath(circle, story.village.id)?.path.length).toBeLessThanOrEqual(8);
  });
});

describe('the maker', () => {
  it('is named with consent only', () => {
    expect(publicNames(story.organisation)).toEqual(story.organisation.names);
    expect(publicNames({ ...story.organisation, publicName: false })).toBeNull();
    expect(publicNames(null)).toBeNull();
  });
});

describe('the dates of a label', () => {
  it('are YYMMDD, and day 00 is the last of the month', () => {
    expect(dayOfAttribute('261105')).toBe('2026-11-05');
    expect(dayOfAttribute('280200')).toBe('2028-02-29');
    expect(dayOfAttribute('261200')).toBe('2026-12-31');
    expect(dayOfAttribute('2611')).toBeUndefined();
    expect(dayOfAttribute(undefined)).toBeUndefined();
  });

  it('turn at midnight where the goods come from, and the last day still counts', () => {
    expect(localDay(new Date('2026-11-20T17:59:00Z'), 'Asia/Bishkek')).toBe('2026-11-20');
    expect(localDay(new Date('2026-11-20T18:00:00Z'), 'Asia/Bishkek')).toBe('2026-11-21');
    expect([isPast('2026-11-20', '2026-11-20'), isPast('2026-11-20', '2026-11-21')]).toEqual([false, true]);
  });
});

describe('the memory for stories', () => {
  it('keeps the ones used last, and none for too long', () => {
    const cache = new LruCache<number>(2, 100);
    cache.set('a', 1, 0);
    cache.set('b', 2, 0);
    cache.get('a', 1);
    cache.set('c', 3, 2);
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 3))).toEqual([1, undefined, 3]);
    expect(cache.get('a', 100)).toBeUndefined();
  });
});
