import { sign } from 'node:crypto';
import type { Dice } from './dice.js';
import { DAY, GTINS, HOSTS, MOMENTS, RECALLED_LOTS, VOIDS, type Scene, type World, type WorldSigner } from './world.js';

/** A label before it is written: every part can be wrong on its own, under a right signature. */
export interface Draft {
  origin: string;
  host: string;
  path: [string, string][];
  query: [string, string][];
  kid: string;
  version: number;
  day: number;
  signer: WorldSigner;
}

/** A question to both readings. */
export interface Case {
  readonly uri: string;
  readonly scene: Scene;
  readonly now: number;
  readonly made: string;
}

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const EPOCH = Date.UTC(2020, 0, 1);
const moments = Object.values(MOMENTS);

/** Attributes that hold, that nearly hold, and that can not stand where they do. */
const ATTRIBUTES: readonly [string, string][] = [
  ...(['260901', '260900', '260230', '240229', '250229', '261301', '26090', '2609011', 'x60901'] as const).flatMap(
    (value): [string, string][] => [
      ['13', value],
      ['15', value],
      ['17', value],
    ],
  ),
  ...(['417', '398', '762', '999', '000', '41', '4170', 'KGZ', '643'] as const).map((v): [string, string] => [
    '422',
    v,
  ]),
  ['423', '417398'],
  ['423', '41739'],
  ['424', '417'],
  ['426', '417'],
  ['427', 'KG-B'],
  ['427', 'B'],
  ['3103', '000195'],
  ['3103', '00195'],
  ['3106', '000195'],
  ['3102', '000195'],
  ['30', '12'],
  ['3922', '1500'],
  ['7003', '2609012359'],
  ['7003', '2609012400'],
  ['7007', '260901260930'],
  ['7008', 'ABC'],
  ['7020', 'R1'],
  ['7230', 'EM1234'],
  ['7230', 'EM'],
  ['7004', '12'],
  ['8030', 'a-_9'],
  ['8030', 'a+'],
  ['91', 'INTERNAL.1'],
  ['91', ''],
  ['90', 'x'.repeat(31)],
  ['8008', '26090112'],
  ['8008', '26090124'],
  ['8001', '12345678901291'],
  ['00', '006141411234567890'],
  ['00', '006141411234567891'],
  ['4300', 'NAME'],
  ['4321', '1'],
  ['410', '9521234000006'],
  ['414', '9521234000007'],
  ['01', '09521234543213'],
  ['10', 'A'],
  ['21', 'B'],
  ['22', 'C'],
  ['235', 'D'],
  ['02', '09521234543213'],
  ['37', '5'],
  ['255', '9521234000006'],
  ['8006', '095212345432130102'],
  ['12', '260901'],
  ['415', '9521234000006'],
  ['99', '9'],
  ['999', '1'],
  ['0422', '417'],
  ['9', '1'],
  ['100', '1'],
  ['7258', '1-2'],
  ['00000000000000000', '1'],
];
const EXTENSIONS: readonly [string, string][] = [
  ['linkType', 'gs1:pip'],
  ['utm_source', 'x'],
  ['flag', ''],
  ['S', 'x'],
  ['ss', 'y'],
  ['13x', '1'],
  ['x13', '1'],
  ['a', 'b=c'],
  ['q', '1/2?3'],
  ['_', '-'],
  ['~', "!$'()*+,:@"],
];

function day(dice: Dice, now: number): number {
  const anchor = dice.once(3) ? now : dice.pick(moments);
  return Math.floor((anchor - EPOCH) / DAY) + dice.below(5) - 2;
}

/** A moment at which something changes, or shortly before or after one. */
export function moment(dice: Dice): number {
  const step = dice.pick([0, 0, 1, 1000, DAY - 1000, DAY, DAY + 1000, 2 * DAY, 10 * DAY]);
  return dice.pick(moments) + (dice.once(2) ? step : -step);
}

/** A label whose parts are mostly right, its signature always. */
export function draftLabel(dice: Dice, world: World, now: number): Draft {
  const signer = dice.once(3) ? dice.pick(world.signers) : dice.pick(world.signers.slice(0, 2));
  const host = dice.once(4) ? dice.pick(HOSTS) : 'q.example.org';
  const origin =
    host === 'localhost'
      ? `${dice.pick(['http', 'https'])}://localhost${dice.pick(['', ':3000', ':65535', ':1'])}`
      : `https://${host}`;
  const serial = dice.once(12) ? dice.pick(VOIDS) : dice.text(BASE32, dice.pick([10, 10, 10, 11, 12, 2]));
  const lot = dice.once(12) ? dice.pick(RECALLED_LOTS) : dice.text(`${BASE32}-`, 1 + dice.below(8));
  const gtin = dice.once(4) ? dice.pick(GTINS) : '09521234543213';
  const path: Draft['path'] = [
    ['01', gtin],
    ...(dice.once(4) ? [] : [['10', lot] as [string, string]]),
    ['21', serial],
  ];
  const query: Draft['query'] = [];
  if (dice.once(2)) query.push(['13', '260601']);
  if (!dice.once(4)) query.push(['422', dice.once(10) ? '398' : '417']);
  if (dice.once(8)) query.push(['3103', '000195'], ['91', 'a.b_c-9']);
  const issued = dice.once(2)
    ? day(dice, now)
    : Math.floor((Math.min(now, MOMENTS.revoked) - EPOCH) / DAY) - dice.below(3);
  return { origin, host, path, query, kid: signer.kid, version: 1, day: Math.max(0, issued), signer };
}

/** Changes what is signed, so that the label says something else truthfully. */
export function bendDraft(dice: Dice, draft: Draft, world: World): string {
  const bends: Record<string, () => void> = {
    attribute: () => draft.query.push(dice.pick(ATTRIBUTES)),
    'two attributes': () => draft.query.push(dice.pick(ATTRIBUTES), dice.pick(ATTRIBUTES)),
    extension: () => draft.query.push(dice.pick(EXTENSIONS)),
    gtin: () =>
      (draft.path[0] = [
        '01',
        dice.pick([
          '02123456789010',
          '2'.padEnd(14, '0'),
          '0'.repeat(14),
          '00212345678909',
          '00412345678905',
          '00000096385074',
          '9521234543213',
        ]),
      ]),
    'check digit': () => (draft.path[0] = ['01', `0952123454321${dice.below(10)}`]),
    serial: () =>
      (draft.path[draft.path.length - 1] = [
        '21',
        dice.pick(['', 'A', 'ABCDEFGHJKMNP', '7kq4m9xw2t', '7KQ4M9XW2I', '7KQ4M9XW2U']),
      ]),
    lot: () =>
      draft.path.splice(1, draft.path.length - 2, [
        '10',
        dice.pick(['', 'l', 'A_B', 'A.B', 'L'.repeat(20), 'L'.repeat(21)]),
      ]),
    'path order': () => (draft.path = dice.shuffle(draft.path)),
    'more path': () =>
      draft.path.push(
        dice.pick([
          ['422', '417'],
          ['10', 'A'],
          ['22', 'V'],
          ['21', 'B'],
          ['', ''],
        ]),
      ),
    'cpv in path': () => draft.path.splice(1, 0, ['22', 'V1']),
    'less path': () => draft.path.splice(dice.below(draft.path.length), 1),
    version: () => (draft.version = dice.pick([0, 2, 255])),
    kid: () => (draft.kid = dice.pick(['0000000000000000', 'ffffffffffffffff', dice.pick(world.signers).kid])),
    key: () => (draft.signer = { ...draft.signer, privateKey: world.stranger }),
    day: () => (draft.day = dice.pick([0, 1, 65_535, dice.below(65_536)])),
    host: () =>
      (draft.host = dice.pick([
        'q.example.net',
        'example.org',
        'q.example.org.',
        '',
        'a_b.org',
        '-a.org',
        'x'.repeat(64),
        '127.0.0.1',
        'intranet',
        'k.example.org',
      ])),
    'query order': () => (draft.query = dice.shuffle(draft.query)),
  };
  const name = dice.pick(Object.keys(bends));
  bends[name]?.();
  if (name === 'host') draft.origin = `https://${draft.host}`;
  return name;
}

/** Signs by section 3 and writes by section 1; `seal` may be moved or left out afterwards. */
export function writeLabel(dice: Dice, draft: Draft): string {
  const numbered = [...draft.path, ...draft.query.filter(([key]) => /^\d+$/.test(key))];
  const lines = numbered.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([ai, value]) => `${ai}=${value}\n`);
  const text = `OVOP-QR-1\nhost=${draft.host}\n${lines.join('')}kid=${draft.kid}\niat=${draft.day}\n`;
  const signature = sign('sha256', Buffer.from(text), { key: draft.signer.privateKey, dsaEncoding: 'ieee-p1363' });
  const head = Buffer.alloc(11);
  head.writeUInt8(draft.version);
  head.write(draft.kid, 1, 'hex');
  head.writeUInt16BE(draft.day, 9);
  const seal = Buffer.concat([head, dice.once(20) ? mirror(signature) : signature]).toString('base64url');
  const pairs = draft.query.map(([key, value]) => (key === 'flag' ? key : `${key}=${value}`));
  pairs.splice(dice.once(4) ? dice.below(pairs.length + 1) : pairs.length, 0, ...(dice.once(60) ? [] : [`s=${seal}`]));
  const path = draft.path.map(([ai, value]) => `/${ai}/${value}`).join('');
  return `${draft.origin}${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** r‖n−s: the other signature that verifies (section 2). */
function mirror(signature: Buffer): Buffer {
  const s = ORDER - BigInt(`0x${signature.toString('hex', 32)}`);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
}
