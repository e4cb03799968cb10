/** Runs each contestant in turn, round after round, so that whatever else the machine does hits all of them alike. */
export async function interleave(contestants, { rounds, warmUp = 1 }) {
  const rates = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const rate = await run(round + warmUp);
      if (round >= 0) rates[name].push(rate);
    }
  }
  return rates;
}

/** How many units a second a piece of work does that handles `units` of them. */
export async function rateOf(units, work) {
  const start = performance.now();
  await work();
  return (units / (performance.now() - start)) * 1000;
}

/** One line of the table; the ratio is taken round by round, against the slowest of the limits. */
export function compare(name, unit, ours, limits, target) {
  const limit = ours.map((_, round) => Math.min(...limits.map((rates) => rates[round])));
  const ratios = ours.map((rate, round) => rate / limit[round]);
  return {
    name,
    ours: `${figure(median(ours))} ${unit}`,
    limit: figure(median(limit)),
    ratio: `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)})`,
    target: target === undefined ? 'report' : `≥ ${target.toFixed(2)}`,
  };
}

/** A line for what has no limit beside it. */
export const report = (name, ours) => ({ name, ours, limit: '', ratio: '', target: 'report' });

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits that mean something, with a comma at the thousands. */
export const figure = (value) => Number(value.toPrecision(3)).toLocaleString('en-US');

export const spread = (values) =>
  `${figure(median(values))} (${figure(Math.min(...values))}..${figure(Math.max(...values))})`;

/** Processor time that this process has used so far. */
export function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
