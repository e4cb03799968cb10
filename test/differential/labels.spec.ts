import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { verifyLabel } from '#label';
import { damages } from './damage.js';
import { dictionaryFile } from './dictionary.js';
import { Dice } from './dice.js';
import { judge } from './judge.js';
import { bendDraft, draftLabel, moment, writeLabel, type Case } from './labels.js';
import { buildWorld, type World } from './world.js';

const COUNT = Number(process.env['DIFFERENTIAL_COUNT'] ?? 100_000);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_260_901);

/** Every verdict that a label can get without asking its issuer: section 4 of the label profile. */
const VERDICTS = [
  ...['BAD_FORMAT', 'NOT_SIGNED', 'UNSUPPORTED_VERSION', 'HOST_NOT_TRUSTED', 'UNKNOWN_KEY', 'BAD_SIGNATURE'],
  ...['ISSUED_IN_FUTURE', 'NOT_VALID_AT_ISSUE', 'CHAIN_INVALID', 'KEY_REVOKED', 'OUT_OF_SCOPE', 'LABEL_VOID'],
  ...['RECALLED', 'TRUST_EXPIRED', 'VALID_STALE_TRUST', 'VALID'],
];

/** One label, good or damaged, from its number alone. */
function makeCase(world: World, number: number): Case {
  const dice = new Dice(SEED + number);
  const scene = dice.pick(world.scenes);
  const now = moment(dice);
  const draft = draftLabel(dice, world, now);
  const made: string[] = [];
  for (let bends = dice.pick([0, 0, 0, 1, 1, 2]); bends > 0; bends--) made.push(bendDraft(dice, draft, world));
  let uri = writeLabel(dice, draft);
  for (let blows = dice.pick([0, 0, 0, 0, 1, 1, 2]); blows > 0; blows--) {
    const name = dice.pick(Object.keys(damages));
    uri = damages[name]?.(uri, dice) ?? uri;
    made.push(name);
  }
  return { uri, scene, now, made: `${draft.signer.name}; ${made.join(', ') || 'nothing changed'}` };
}

const present = existsSync(dictionaryFile);
if (!present) process.stdout.write('The second reading of the label profile is skipped: no GS1 syntax dictionary.\n');

(present ? describe : describe.skip)('two readings of the label profile', () => {
  it(`agree on ${COUNT.toLocaleString('en')} labels, good and damaged`, async () => {
    const world = buildWorld();
    const counts = new Map(VERDICTS.map((code) => [code, 0]));
    const disagreements: string[] = [];
    for (let number = 0; number < COUNT && disagreements.length < 20; number++) {
      const { uri, scene, now, made } = makeCase(world, number);
      const expected = judge(uri, scene.plain, now);
      const { code, reason } = await verifyLabel(uri, scene.store, new Date(now));
      counts.set(expected, (counts.get(expected) ?? 0) + 1);
      if (code === expected) continue;
      disagreements.push(
        `seed ${SEED + number} (${made}; ${scene.name}; at ${new Date(now).toISOString()})\n` +
          `  ${JSON.stringify(uri)}\n  code: ${code} ${reason ?? ''}, second reading: ${expected}`,
      );
    }
    expect(disagreements.join('\n')).toBe('');
    const rare = [...counts].filter(([code, count]) => !VERDICTS.includes(code) || count < COUNT / 2000);
    expect(rare).toEqual([]);
  }, 180_000);
});
