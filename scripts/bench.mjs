// npm run bench [-- NAME…]    how fast the hot paths are, each as a ratio to a limit measured beside it (docs/performance.md).
import { Failure, main, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

/** In the order in which they run; each gives lines for the table. Loaded only after the set-up. */
const benchmarks = {
  sign: async () => (await import('./bench/sign.mjs')).benchSign(),
  pkcs11: async () => (await import('./bench/pkcs11.mjs')).benchPkcs11(),
  verify: async () => (await import('./bench/verify.mjs')).benchVerify(),
  'print-run': async () => (await import('./bench/print-run.mjs')).benchPrintRun(),
  sheet: async () => (await import('./bench/sheet.mjs')).benchSheet(),
  scan: async () => (await import('./bench/scan.mjs')).benchScan(),
  events: async () => (await import('./bench/events.mjs')).benchEvents(),
};

await main(import.meta.url, async (names) => {
  const unknown = names.filter((name) => !(name in benchmarks));
  if (unknown.length > 0)
    throw new Failure(`There is no ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`);
  await setup({ allowTypeErrors: true });
  const rows = [];
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    const start = performance.now();
    say(`Measuring ${name}…`);
    const measured = await benchmarks[name]();
    rows.push(...measured);
    for (const { name: what, ours, ratio } of measured) say(`  ${what.trim()}: ${ours} ${ratio && `ratio ${ratio}`}`);
    say(`  took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
  table(rows);
});

/** The limit is in the unit of ours; ratio: the median of the rounds, with the lowest and the highest. */
function table(rows) {
  const columns = ['name', 'ours', 'limit', 'ratio', 'target'];
  const lines = [Object.fromEntries(columns.map((column) => [column, column])), ...rows];
  const widths = columns.map((column) => Math.max(...lines.map((line) => line[column].length)));
  const text = (line) => columns.map((column, index) => line[column].padEnd(widths[index])).join(' | ');
  say(['', text(lines[0]), widths.map((width) => '-'.repeat(width)).join(' | '), ...rows.map(text)].join('\n'));
}
