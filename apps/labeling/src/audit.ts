import { Inject, Injectable } from '@nestjs/common';
import { LOG, Metrics, type Log, type LogFields } from '#platform';

/** What a private key is used for. */
export type Purpose = 'certificate' | 'crl' | 'trust-bundle' | 'label';

/** Says before each use of a private key what is about to be signed, and after it what was. */
@Injectable()
export class Audit {
  constructor(
    @Inject(LOG) private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  before(purpose: Purpose, fields: LogFields): void {
    this.log.info('audit', { stage: 'before-signing', purpose, ...fields });
  }

  after(purpose: Purpose, signatures: number, fields: LogFields): void {
    this.metrics.signatures.inc({ purpose }, signatures);
    this.log.info('audit', { stage: 'signed', purpose, signatures, ...fields });
  }
}
