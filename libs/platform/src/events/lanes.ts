/** Work on the messages of a batch, several at a time. */
export interface LaneWork {
  /** The messages' keys, in their order. */
  readonly keys: readonly string[];
  /** So many messages are worked on at a time. */
  readonly lanes: number;
  /** Deals with the message at this position; false ends all lanes, each after what it is at. */
  handle(position: number): Promise<boolean>;
  /** Called when every message up to and including this position is dealt with. */
  done(position: number): Promise<void>;
}

/**
 * Deals with messages in lanes: those of one key one after another, in order, those of other keys beside them.
 * Ends when every lane has; an error of one ends the others first and is then thrown.
 */
export async function inLanes({ keys, lanes, handle, done }: LaneWork): Promise<void> {
  const finished = new Set<number>();
  let next = 0;
  let halted = false;
  const finish = async (position: number): Promise<void> => {
    finished.add(position);
    const before = next;
    while (finished.delete(next)) next++;
    if (next > before) await done(next - 1);
  };
  const walk = async (positions: readonly number[]): Promise<void> => {
    try {
      for (const position of positions) {
        if (halted) return;
        if (await handle(position)) await finish(position);
        else halted = true;
      }
    } catch (error) {
      halted = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(assignLanes(keys, lanes).map(walk));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

/** The positions in each lane; a key that comes up for the first time gets the next lane in turn. */
function assignLanes(keys: readonly string[], count: number): number[][] {
  const lanes: number[][] = Array.from({ length: count }, () => []);
  const laneOf = new Map<string, number>();
  for (const [position, key] of keys.entries()) {
    const lane = laneOf.get(key) ?? laneOf.size % count;
    laneOf.set(key, lane);
    lanes[lane]?.push(position);
  }
  return lanes;
}
