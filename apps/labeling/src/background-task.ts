import type { Log } from '#platform';

const longestRest = 30_000;

/**
 * Work that goes on beside requests: one pass at a time, begun by {@link poke} or by the clock.
 * What a pass has to do stands in the database, so that a lost poke or a crash only delays it;
 * a pass that fails is tried again, after longer and longer rests.
 */
export class BackgroundTask {
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private poked = false;
  private gathering = false;
  private wake = (): void => {};

  constructor(
    private readonly name: string,
    private readonly log: Log,
    private readonly options: { sweepMilliseconds: number; gatherMilliseconds?: number },
    private readonly pass: (signal: AbortSignal) => Promise<void>,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Says that there is something to do. */
  poke(): void {
    this.poked = true;
    if (!this.gathering) this.wake();
  }

  /** Lets the pass that is under way come to its next safe point and waits for it. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.ending;
    const { sweepMilliseconds, gatherMilliseconds = 0 } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      this.poked = false;
      try {
        await this.pass(signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        this.log.emit('warn', 'background task failed, it will be tried again', { task: this.name, failures }, error);
      }
      const rest = failures === 0 ? sweepMilliseconds : Math.min(250 * 2 ** failures, longestRest);
      if (!this.poked) await this.rest(rest);
      // Pokes that come close together are answered by one pass.
      this.gathering = true;
      await this.rest(gatherMilliseconds);
      this.gathering = false;
    }
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.ending.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
