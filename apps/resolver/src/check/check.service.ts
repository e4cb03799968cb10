import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { localizedText } from '#contracts';
import { isValidGtin, parseTypedCode, toGtin14, type Language } from '#label';
import { CLOCK, CONFIG, POOL, type Clock } from '#platform';
import type { Config } from '../config.js';
import { textsOf } from '../i18n/index.js';
import type { CheckForm } from '../pages/site-pages.js';
import { ScansService } from '../scans/scans.service.js';
import { findBySerial } from '../verify/labels.queries.js';
import { makeUnknown, type Outcome } from '../verify/verification.service.js';

/** Where a typed code leads: to a label's address, to the verdict that nobody issued it, or back to the form. */
export type Found = { address: string } | { outcome: Outcome } | { form: CheckForm };

/** Codes that people type from under the symbol. */
@Injectable()
export class CheckService {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly scans: ScansService,
  ) {}

  /** Looks a code up only when its check symbol is right and the GTIN, if one is given, is a GTIN. */
  async find(typed: { code: string; gtin: string }, language: Language): Promise<Found> {
    const texts = textsOf(language).check;
    const code = parseTypedCode(typed.code);
    const digits = typed.gtin.replace(/[\s-]/g, '');
    const form: CheckForm = { code: typed.code.slice(0, 64), gtin: typed.gtin.slice(0, 20) };
    if ('reason' in code) form.codeFault = texts.faults[code.reason];
    if (digits !== '' && !isValidGtin(digits)) form.gtinFault = texts.gtinFault;
    if ('reason' in code || form.gtinFault !== undefined) return { form };

    const address = (gtin: string): string => `/01/${gtin}/21/${code.serial}?lang=${language}`;
    if (digits !== '') return { address: address(toGtin14(digits)) };
    const labels = await findBySerial(this.pool, code.serial);
    const [first] = labels;
    if (first === undefined) return { outcome: this.unknown(code.serial, language) };
    if (labels.length === 1) return { address: address(first.gtin) };
    const choices = labels.map(({ gtin, names }) => ({
      ...{ gtin, href: address(gtin) },
      names: localizedText.safeParse(names).data ?? null,
    }));
    return { form: { ...form, choices } };
  }

  private unknown(serial: string, language: Language): Outcome {
    const now = this.now();
    const unknown = { at: now.toISOString(), gtin: null, lot: null, serial, verdict: 'UNKNOWN_SERIAL' };
    this.scans.record({ ...unknown, channel: 'page' });
    return makeUnknown(`${this.config.PUBLIC_BASE_URL}/check`, language, now);
  }
}
