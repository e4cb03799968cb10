import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditStart, canonicalAudit, type AuditRecord } from '#contracts';
import { AuditChain, type KnownHead } from './audit-chain.js';
import { runCli } from './cli.js';

type Content = Omit<AuditRecord, 'hash'>;

const seal = (content: Content): AuditRecord => ({
  ...content,
  hash: createHash('sha256').update(canonicalAudit(content)).digest('hex'),
});

/** An honest chain of so many records. */
function chainOf(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= length; seq++) {
    records.push(
      seal({
        ...{ seq, time: '2026-10-05T10:30:00.000Z', actor: 'system', role: null, organisationId: `o${seq}` },
        ...{ action: 'labels.sign', subject: `run ${seq}`, keyId: 'kid', outcome: seq % 2 ? 'intended' : 'done' },
        ...{ code: null, details: { from: 1, labels: seq }, correlationId: null },
        previous: records.at(-1)?.hash ?? auditStart,
      }),
    );
  }
  return records;
}
const headOf = (records: readonly AuditRecord[]) => ({
  seq: records.at(-1)?.seq ?? 0,
  hash: records.at(-1)?.hash ?? auditStart,
});
const exportOf = (records: readonly AuditRecord[]): string[] =>
  [...records, { records: records.length, head: headOf(records) }].map((line) => JSON.stringify(line));

function judge(lines: readonly string[], known: readonly KnownHead[] = []) {
  const chain = new AuditChain(known);
  for (const line of lines) chain.add(line);
  const { faults, faultCount } = chain.finish();
  return { faultCount, found: faults.map(({ kind, seq, field }) => [kind, seq, field]) };
}
const intact = { faultCount: 0, found: [] };
function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is nothing at ${index}`);
  return item;
}

/** An export of 2 to 12 records and the place of one of them. */
const place = fc
  .integer({ min: 2, max: 12 })
  .chain((length) => fc.record({ length: fc.constant(length), index: fc.nat(length - 1) }));

const changes: ((record: AuditRecord, n: number) => AuditRecord)[] = [
  (record, n) => ({ ...record, time: `2027-01-01T00:00:00.${100 + (n % 900)}Z` }),
  (record, n) => ({ ...record, actor: `a${n}` }),
  (record) => ({ ...record, role: 'inspector' }),
  (record, n) => ({ ...record, organisationId: `p${n}` }),
  (record) => ({ ...record, action: 'crl.issue' }),
  (record, n) => ({ ...record, subject: `other ${n}` }),
  (record, n) => ({ ...record, keyId: `k${n}` }),
  (record) => ({ ...record, outcome: 'refused' }),
  (record, n) => ({ ...record, code: `c${n}` }),
  (record, n) => ({ ...record, details: { ...record.details, labels: n + 100 } }),
  (record, n) => ({ ...record, details: { ...record.details, [`more${n}`]: null } }),
  (record, n) => ({ ...record, correlationId: `c${n}` }),
];

describe('a chain of audit records', () => {
  it('is intact as it was written, whole, in parts and empty', () => {
    const records = chainOf(7);
    expect(judge(exportOf(records))).toEqual(intact);
    expect(judge(exportOf([]))).toEqual(intact);
    expect(judge(exportOf(records.slice(3)), [headOf(records.slice(0, 3))])).toEqual(intact);
    expect(judge(exportOf(records), [headOf(records.slice(0, 3)), headOf(records)])).toEqual(intact);
    expect(judge(exportOf(records), [{ hash: at(records, 4).hash }])).toEqual(intact);
  });

  it('shows the record of which any field was changed', () => {
    fc.assert(
      fc.property(place, fc.constantFrom(...changes), fc.nat(9999), ({ length, index }, change, n) => {
        const records = chainOf(length);
        records[index] = change(at(records, index), n);
        expect(judge([...records.map((r) => JSON.stringify(r)), at(exportOf(chainOf(length)), length)])).toEqual({
          ...{ faultCount: 1, found: [['changed', index + 1, 'content']] },
        });
      }),
    );
  });

  it.each(['seq', 'previous', 'hash'] as const)('names the field %s where that was changed', (field) => {
    const lines = exportOf(chainOf(6));
    const wrong = { seq: 40, previous: 'ab'.repeat(32), hash: 'cd'.repeat(32) };
    lines[2] = JSON.stringify({ ...at(chainOf(6), 2), [field]: wrong[field] });
    expect(judge(lines).found[0]).toEqual(['changed', 3, field]);
  });

  it('shows a changed record that was sealed anew by the one that follows it', () => {
    const lines = exportOf(chainOf(6));
    lines[2] = JSON.stringify(seal({ ...at(chainOf(6), 2), subject: 'other', hash: undefined } as Content));
    expect(judge(lines)).toEqual({ faultCount: 1, found: [['broken', 4, 'previous']] });
  });

  it('shows what is missing, wherever that was', () => {
    fc.assert(
      fc.property(place, fc.nat(3), ({ length, index }, more) => {
        const lines = exportOf(chainOf(length));
        lines.splice(index, Math.min(1 + more, length - index));
        expect(judge(lines).found[0]).toEqual(['missing', index + 1, null]);
      }),
    );
  });

  it('shows an export without its end', () => {
    fc.assert(
      fc.property(place, ({ length, index }) => {
        expect(judge(exportOf(chainOf(length)).slice(0, index + 1)).found).toEqual([['truncated', index + 2, null]]);
      }),
    );
  });

  it('shows records in another order, twice, or added', () => {
    fc.assert(
      fc.property(place, fc.constantFrom('swap', 'twice', 'add'), ({ length, index }, how) => {
        const records = chainOf(length);
        const record = at(records, index);
        const { hash: previous, ...content } = record;
        const forged = seal({ ...content, seq: record.seq + 1, subject: 'forged', previous });
        const lines = exportOf(records);
        const line = JSON.stringify(record);
        if (how === 'swap') lines.splice(index, 2, at(lines, index + 1), line);
        else lines.splice(index + 1, 0, how === 'twice' ? line : JSON.stringify(forged));
        expect(judge(lines).faultCount).toBeGreaterThan(0);
      }),
    );
  });

  it('does not show by itself that it was cut off or written anew, but does against an earlier head', () => {
    fc.assert(
      fc.property(place, ({ length, index }) => {
        const whole = chainOf(length);
        const cut = exportOf(whole.slice(0, index));
        expect(judge(cut)).toEqual(intact);
        expect(judge(cut, [headOf(whole)])).toEqual({ faultCount: 1, found: [['discontinuous', length, 'hash']] });
      }),
    );
  });

  it('takes any text for a line without failing', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.oneof(fc.string(), fc.json(), fc.constant('{}')), (index, text) => {
        const lines = exportOf(chainOf(4));
        lines.splice(index, 1, text);
        expect(judge(lines).faultCount).toBeGreaterThan(0);
      }),
    );
  });
});

const folder = mkdtempSync(join(tmpdir(), 'ovop-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  return join(folder, name);
}

async function ovop(args: readonly string[], input = '') {
  let [out, err] = ['', ''];
  async function* stdin(): AsyncGenerator<Uint8Array> {
    // In small pieces, so that lines and characters are cut.
    for (let i = 0; i < input.length; i += 100) yield Buffer.from(input.slice(i, i + 100));
  }
  const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await runCli(['audit', ...args], { stdin: stdin(), now: () => new Date(), ...terminal });
  return {
    code,
    err,
    lines: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

describe('ovop audit verify', () => {
  const records = chainOf(9);
  const whole = file('whole', exportOf(records));
  const early = file('early', exportOf(records.slice(0, 4)));
  const late = file('late', exportOf(records.slice(4)));

  it('calls a good export intact and says where it ends', async () => {
    const { code, lines } = await ovop(['verify', whole]);
    expect([code, lines]).toEqual([
      ...[0, [{ ...{ file: whole, verdict: 'INTACT', records: 9, faultCount: 0, faults: [] }, head: headOf(records) }]],
    ]);
    expect((await ovop(['verify', '-'], `${exportOf(records).join('\r\n')}\n`)).code).toBe(0);
  });

  it('checks that exports follow each other, and each contains what was known', async () => {
    for (const args of [
      [early, late],
      ['--previous', early, late],
      ['--previous', early, whole],
      ['--from-head', headOf(records.slice(0, 4)).hash, late],
    ])
      expect((await ovop(['verify', ...args])).code).toBe(0);
    const { code, lines } = await ovop(['verify', '--previous', whole, early]);
    expect([code, lines[1].verdict, lines[1].faults[0].kind]).toEqual([1, 'BROKEN', 'discontinuous']);
    expect((await ovop(['verify', late])).lines[0].faults[0].message).toMatch(
      /^records 1 to 4 are missing; .*--previous/,
    );
  });

  it('names the record and the field', async () => {
    const lines = exportOf(records);
    lines[5] = JSON.stringify({ ...at(records, 5), keyId: 'other' });
    const { code, lines: said } = await ovop(['verify', '-'], lines.join('\n'));
    expect([code, said[0].faults]).toEqual([
      1,
      [
        {
          ...{ kind: 'changed', line: 6, seq: 6, field: 'content' },
          message: 'the content of record 6 was changed: it does not have its hash',
        },
      ],
    ]);
  });

  it('does not grow with a line that never ends', async () => {
    expect((await ovop(['verify', '-'], 'x'.repeat(200_000))).lines[0].faults[0].kind).toBe('unreadable');
  });

  it.each([
    [[], /audit : no such command/],
    [['verify'], /No export/],
    [['verify', '--from-head', 'AB', whole], /not a hash/],
    [['verify', '/nowhere/x'], /\/nowhere\/x can not be read/],
    [['verify', '--fast', whole], /--fast/],
  ])('used as %j says what is wrong and exits with 2', async (args, message) => {
    const { code, err } = await ovop(args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
