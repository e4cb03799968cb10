import { describe, expect, it } from '@jest/globals';
import { Log } from '#platform';
import { BackgroundTask } from './background-task.js';

const log = new Log('labeling', 'error', () => undefined);
const never = { sweepMilliseconds: 3_600_000 };

/** A task whose passes are counted; `after(n)` resolves when the nth has begun. */
function counted(
  options: { sweepMilliseconds: number; gatherMilliseconds?: number },
  work: (pass: number) => Promise<void> = async () => {},
) {
  let passes = 0;
  const waiting: { count: number; settle: () => void }[] = [];
  const task = new BackgroundTask('test', log, options, async () => {
    passes += 1;
    for (const { count, settle } of waiting) if (passes >= count) settle();
    await work(passes);
  });
  const after = (count: number) =>
    new Promise<void>((settle) => (passes >= count ? settle() : waiting.push({ count, settle })));
  return { task, after, passes: () => passes };
}

describe('a background task', () => {
  it('begins with a pass, and makes another for a poke', async () => {
    const { task, after } = counted(never);
    task.start();
    await after(1);
    task.poke();
    await after(2);
    await task.stop();
  });

  it('makes one more pass for pokes during a pass, however many', async () => {
    let finish = (): void => {};
    const { task, after, passes } = counted(never, (pass) =>
      pass === 1 ? new Promise((settle) => (finish = settle)) : Promise.resolve(),
    );
    task.start();
    await after(1);
    for (let i = 0; i < 10; i++) task.poke();
    finish();
    await after(2);
    await task.stop();
    expect(passes()).toBe(2);
  });

  it('makes a pass by the clock', async () => {
    const { task, after } = counted({ sweepMilliseconds: 1 });
    task.start();
    await after(3);
    await task.stop();
  });

  it('tries again after a failure', async () => {
    const { task, after } = counted(never, async (pass) => {
      if (pass === 1) throw new Error('database gone');
    });
    task.start();
    await after(2);
    await task.stop();
  });

  it('waits at its end for the pass under way, and makes none after it', async () => {
    let ended = false;
    const task = new BackgroundTask('test', log, never, async (signal) => {
      await new Promise<void>((settle) => signal.addEventListener('abort', () => settle()));
      ended = true;
    });
    task.start();
    await task.stop();
    expect(ended).toBe(true);
    task.poke();
  });
});
