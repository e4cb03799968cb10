import { createHash } from 'node:crypto';
import { auditRecord, auditStart, auditTrailer, canonicalAudit, type AuditHead, type AuditRecord } from '#contracts';

/** What is wrong, and where: a record's number and field, and the line that shows it. */
export interface AuditFault {
  readonly kind: 'unreadable' | 'changed' | 'missing' | 'order' | 'broken' | 'truncated' | 'discontinuous';
  readonly line: number;
  readonly seq: number | null;
  readonly field: string | null;
  readonly message: string;
}

/** A head of the chain that was seen earlier; without `seq` it is known by its hash alone. */
export interface KnownHead {
  readonly seq?: number;
  readonly hash: string;
}

export interface AuditSummary {
  readonly records: number;
  readonly faultCount: number;
  readonly faults: readonly AuditFault[];
  readonly head: AuditHead;
}

type Content = Omit<AuditRecord, 'hash'>;

/** More than so many faults are counted and not listed. */
const listed = 20;

const hashOf = (content: Content): string => createHash('sha256').update(canonicalAudit(content)).digest('hex');

/**
 * Reads one export line by line and says where the chain does not hold; nothing is kept but the place of the last record.
 * @param known each of these heads must be in the chain or right before it, else it was rewritten or cut off at its end
 */
export class AuditChain {
  private readonly faults: AuditFault[] = [];
  private faultCount = 0;
  private line = 0;
  private records = 0;
  private first: number | null = null;
  private last: AuditHead = { seq: 0, hash: auditStart };
  /** Of a last record that is not what its hash says: the hash that it should have. */
  private computed: string | undefined;
  private ended = false;
  private counted = 0;
  private anchored = false;
  private readonly unseen: KnownHead[];

  constructor(known: readonly KnownHead[] = []) {
    this.unseen = [...known];
  }

  /** Takes the next line. */
  add(text: string): void {
    this.line += 1;
    const value = parse(text);
    const trailer = auditTrailer.safeParse(value);
    const record = auditRecord.safeParse(value);
    if (this.ended) this.fault('order', null, null, 'something stands after the last line of the export');
    else if (trailer.success) this.end(trailer.data);
    else if (record.success) this.follow(record.data);
    else this.unreadable(value, record.error.issues[0]?.path.join('.') ?? '');
  }

  /** Says what was found, after the last line. */
  finish(): AuditSummary {
    const { first, last: head, records } = this;
    if (!this.ended)
      this.fault('truncated', head.seq + 1, null, 'the export is cut short: its last line, with the head, is missing');
    if (first !== null && first > 1 && !this.anchored)
      this.missing(1, first, '; for an export of a part give --previous or --from-head');
    for (const { seq, hash } of this.unseen) {
      const which = seq === undefined ? `hash ${hash}` : `record ${seq} with hash ${hash}`;
      const why = 'the chain was rewritten, or cut off at its end';
      this.fault('discontinuous', seq ?? null, 'hash', `the known head, ${which}, is not in this chain: ${why}`);
    }
    if (this.faultCount === 0 && this.counted !== records)
      this.fault('missing', null, 'records', `the last line counts ${this.counted} records, here are ${records}`);
    return { records, faultCount: this.faultCount, faults: this.faults, head };
  }

  private follow({ hash, ...content }: AuditRecord): void {
    const { seq, previous } = content;
    if (this.records === 0) this.begin(content);
    this.records += 1;
    const expected = this.last.seq + 1;
    const computed = hashOf(content);
    this.settle(previous);
    if (computed !== hash) this.blame(content, hash);
    else if (seq > expected) this.missing(expected, seq);
    else if (seq < expected) this.fault('order', seq, 'seq', `record ${seq} stands after record ${this.last.seq}`);
    else if (previous !== this.last.hash)
      this.fault(
        'broken',
        seq,
        'previous',
        `record ${seq} follows another record ${seq - 1} than the one that is here`,
      );
    this.meet({ seq, hash });
    this.last = { seq, hash };
    this.computed = computed === hash ? undefined : computed;
  }

  /** An export may begin anywhere; whether that is right after something known is said at the end. */
  private begin({ seq, previous }: Content): void {
    this.first = seq;
    if (seq === 1) return;
    this.last = { seq: seq - 1, hash: previous };
    this.meet(this.last);
  }

  private meet(head: AuditHead): void {
    const index = this.unseen.findIndex(({ seq, hash }) => hash === head.hash && (seq ?? head.seq) === head.seq);
    if (index < 0) return;
    this.anchored = true;
    this.unseen.splice(index, 1);
  }

  /** What comes next tells whether it was the hash or what is hashed that was changed in the record before. */
  private settle(previous: string): void {
    const blamed = this.faults.at(-1);
    if (this.computed === undefined || previous !== this.computed || blamed?.seq !== this.last.seq) return;
    const message = `the field hash of record ${this.last.seq} was changed`;
    this.faults.splice(-1, 1, { ...blamed, field: 'hash', message });
    this.last = { ...this.last, hash: previous };
  }

  /** A record that is not what its hash says: tries which of the fields that place it explains that. */
  private blame(content: Content, hash: string): void {
    const { seq } = content;
    const expected = this.last.seq + 1;
    if (hashOf({ ...content, previous: this.last.hash }) === hash)
      this.fault('changed', seq, 'previous', `the field previous of record ${seq} was changed`);
    else if (hashOf({ ...content, seq: expected }) === hash)
      this.fault('changed', expected, 'seq', `the field seq of record ${expected} was changed to ${seq}`);
    else this.fault('changed', seq, 'content', `the content of record ${seq} was changed: it does not have its hash`);
  }

  private missing(from: number, before: number, hint = ''): void {
    const which = before - from === 1 ? `record ${from} is missing` : `records ${from} to ${before - 1} are missing`;
    this.fault('missing', from, null, which + hint);
  }

  private unreadable(value: unknown, field: string): void {
    this.records += 1;
    const seq = this.last.seq + 1;
    const where = field === '' ? '' : `: its field ${field} is not what it should be`;
    this.fault(
      'unreadable',
      seq,
      field || null,
      `line ${this.line}, where record ${seq} should be, is no record${where}`,
    );
    // The next record is judged as if this one had been the one that it follows.
    const link = auditRecord.pick({ hash: true }).loose().safeParse(value);
    this.last = { seq, hash: link.success ? link.data.hash : this.last.hash };
    this.computed = undefined;
    this.first ??= seq;
  }

  private end({ records, head }: { records: number; head: AuditHead }): void {
    this.ended = true;
    this.counted = records;
    this.settle(head.hash);
    const { seq, hash } = this.last;
    if (this.records === 0 && records === 0) {
      this.meet(head);
      this.last = head;
    } else if (head.seq > seq) this.missing(seq + 1, head.seq + 1);
    else if (head.seq !== seq || head.hash !== hash)
      this.fault('changed', head.seq, 'head', `the last line names another head than record ${seq}`);
  }

  private fault(kind: AuditFault['kind'], seq: number | null, field: string | null, message: string): void {
    this.faultCount += 1;
    if (this.faults.length < listed) this.faults.push({ kind, line: this.line, seq, field, message });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
