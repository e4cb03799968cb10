import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { anySerial, testAuthority } from '../../../../test/support/resolver/authority.js';
import { testResolver } from '../../../../test/support/resolver/service.js';
import {
  bundleParts,
  correctedStep,
  labelsIssued,
  labelsVoided,
  recalled,
  storyEvents,
  testStory,
  type TestMessage,
} from '../../../../test/support/resolver/story.js';

const now = new Date('2026-11-20T06:00:00Z');
const host = 'ovop.example';

const story = testStory(now);
const authority = testAuthority(now, host, story.product.gtin.slice(1, 8));
const [serial, lost] = [anySerial(), anySerial()];
const printRun = randomUUID();
const events: TestMessage[] = [
  ...storyEvents(story),
  correctedStep(story, 4, { note: 'laid out anew' }),
  labelsIssued(story, [serial, lost], authority.signer.certificate.kid, printRun),
  labelsVoided(story, [lost], printRun),
  ...bundleParts(3, authority.bundle(3, now), now, 900),
  recalled(story, 'moths'),
];

const topics = [...new Set(events.map(({ topic }) => topic))];
const byTopic = (order: readonly string[]): TestMessage[] =>
  order.flatMap((topic) => events.filter((event) => event.topic === topic));
const rotated = topics.map((_, i) => [...topics.slice(i), ...topics.slice(0, i)]);

/** What the public can see of the goods in the end. */
async function seenAfter(messages: readonly TestMessage[]): Promise<unknown> {
  const resolver = await testResolver(now);
  try {
    await resolver.receive(messages);
    const { gtin, lot } = story.batch;
    const answers = [];
    for (const one of [serial, lost]) {
      const uri = authority.label({ host, gtin, lot, serial: one, attributes: {} }, now);
      const { body } = await resolver.get(`/api/verify?uri=${encodeURIComponent(uri)}`);
      // Signatures are random, and nothing else in an answer is.
      answers.push({ ...(JSON.parse(body) as object), uri: null });
    }
    expect(resolver.lines).toEqual([]);
    return answers;
  } finally {
    await resolver.stop();
  }
}

describe('the read model', () => {
  it('comes out the same whichever topic arrives first, and when everything arrives twice', async () => {
    const expected = await seenAfter(events);
    expect(expected).toMatchObject([
      {
        verdict: 'RECALLED',
        label: { known: true },
        batch: { recallReason: 'moths' },
        producer: { names: { en: expect.any(String) } },
      },
      { verdict: 'LABEL_VOID', label: { known: true } },
    ]);
    for (const order of [...rotated.slice(1), [...topics].reverse()])
      expect(await seenAfter(byTopic(order))).toEqual(expected);
    expect(await seenAfter([...events, ...events])).toEqual(expected);
    expect(await seenAfter(events.flatMap((event) => [event, event]))).toEqual(expected);
  }, 60_000);

  it('lets nothing older overwrite what is newer', async () => {
    const withoutIds = events.map((event) => ({
      ...event,
      value: event.value.replace(/"id":"[^"]+"/, `"id":"${randomUUID()}"`),
    }));
    expect(await seenAfter([...events, ...withoutIds.reverse()])).toEqual(await seenAfter(events));
  }, 30_000);
});
