import { onGround } from './ground.mjs';
import { figure, median, rateOf, report } from './measure.mjs';
import { openHttp } from './print-run.mjs';

/** The sheets of a run as a PDF over HTTP, and what a run ten times as long costs in memory. */
export function benchSheet() {
  return onGround(async (ground) => {
    const { print, call, ask } = await openHttp(ground);
    const runs = [
      { size: 1000, id: await print(1000), rounds: 5 },
      { size: 10_000, id: await print(10_000), rounds: 1 },
    ];
    const measured = [];
    for (const { size, id, rounds } of runs) {
      const rates = [];
      let bytes = 0;
      for (let round = 0; round < rounds; round += 1)
        rates.push(await rateOf(size, async () => (bytes = await download(call, id))));
      measured.push({ size, rates, bytes, ...(await ask({ memory: true })) });
    }
    const [small, large] = measured;
    return [
      ...measured.map(({ size, rates, bytes }) =>
        report(
          `sheet PDF of ${figure(size)} labels`,
          `${figure(median(rates))} labels/s, ${figure(bytes / size)} bytes a label`,
        ),
      ),
      report('  peak memory, 10,000 over 1,000', `+${figure((large.peak - small.peak) / 2 ** 20)} MB`),
    ];
  });
}

async function download(call, id) {
  const answer = await call(`/${id}/sheet.pdf`);
  let bytes = 0;
  for await (const chunk of answer.body) bytes += chunk.length;
  return bytes;
}
