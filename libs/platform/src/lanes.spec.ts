import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { inLanes } from './events/lanes.js';

const keys = ['a', 'b', 'a', 'c', 'b', 'a', 'd', 'c'];

/** Handles as `inLanes` says and tells what happened; the position in `waits` is not handled, `breaks` throws. */
async function walk({ waits = -1, breaks = -1, lanes = 3 }) {
  const handled: number[] = [];
  const done: number[] = [];
  const busy = new Set<string>();
  let most = 0;
  const ended = inLanes({
    ...{ keys, lanes },
    handle: async (position) => {
      const key = keys[position] ?? '';
      expect(busy).not.toContain(key);
      most = Math.max(most, busy.add(key).size);
      for (let turns = 0; turns < (position * 7) % 5; turns++) await turn();
      busy.delete(key);
      if (position === breaks) throw new Error('broken');
      if (position === waits) return false;
      handled.push(position);
      return true;
    },
    done: async (position) => void done.push(position),
  });
  const error: unknown = await ended.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { handled, done, busy, most, error };
}

describe('messages in lanes', () => {
  it('are all handled, several at a time, those of one key in order', async () => {
    const { handled, done, most } = await walk({});
    expect([...handled].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const key of keys) {
      const own = handled.filter((position) => keys[position] === key);
      expect(own).toEqual([...own].sort());
    }
    expect(most).toBe(3);
    expect(done.at(-1)).toBe(7);
    expect(done).toEqual([...done].sort());
  });

  it('are done only up to the first one that has to wait', async () => {
    for (let waits = 0; waits < keys.length; waits++) {
      const { handled, done } = await walk({ waits });
      expect(Math.max(-1, ...done)).toBeLessThan(waits);
      const after = handled.filter((position) => position > waits && keys[position] === keys[waits]);
      expect(after).toEqual([]);
    }
  });

  it('end every lane before an error is passed on', async () => {
    const { error, busy, handled } = await walk({ breaks: 1 });
    expect(error).toEqual(new Error('broken'));
    expect(busy.size).toBe(0);
    expect(handled.length).toBeLessThan(keys.length);
  });
});
