import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { envelope, eventTypes, topics } from './index.js';

const golden = new URL('../golden/', import.meta.url);
const sample = (type: string): unknown => JSON.parse(readFileSync(new URL(`${type}.json`, golden), 'utf8'));

describe('the event contracts', () => {
  it.each(eventTypes.map((type) => [type.type, type] as const))(
    'read the golden sample of %s for ever',
    (name, type) => {
      const event = envelope.parse(sample(name));
      expect(event.type).toBe(name);
      expect(type.data.parse(event.data)).toEqual(event.data);
    },
  );

  it('know the type of every golden sample', () => {
    const names = readdirSync(golden).map((file) => file.replace(/\.json$/, ''));
    expect(names.toSorted()).toEqual(eventTypes.map((type) => type.type).toSorted());
  });

  it('name each type once, with a version, in a topic of its own service', () => {
    const names = eventTypes.map((type) => type.type);
    expect(new Set(names).size).toBe(names.length);
    for (const type of eventTypes) {
      expect(type.type).toMatch(/^[a-z-]+\.[a-z-]+\.[a-z-]+\.v[1-9]\d*$/);
      expect(type.type.startsWith(`${type.topic}.`)).toBe(true);
    }
    expect(new Set(eventTypes.map((type) => type.topic))).toEqual(new Set(topics.map((topic) => topic.name)));
  });
});
