import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AppError, language as languageSchema, type Language } from '#contracts';
import { formatTypedCode } from '#label';
import type { Principal } from '#platform';
import { Database } from '../database.js';
import { labelUri } from '../labels/label-uri.js';
import { labelsAfter, type StoredLabel } from '../labels/labels.queries.js';
import { factsOf, templateOf, type PrintRunRow } from '../print-runs/print-runs.queries.js';
import { PrintRunsService } from '../print-runs/print-runs.service.js';
import { encodeSymbol, symbolVersion } from './qr.js';
import { labelsPerSheet, layoutFor } from './sheet.layout.js';
import { SheetPdf } from './sheet.pdf.js';
import type { SheetQuery } from './sheet.schemas.js';

/** So many labels are read at once: fifty sheets. */
const readAhead = labelsPerSheet * 50;

@Injectable()
export class SheetService {
  constructor(
    private readonly db: Database,
    private readonly printRuns: PrintRunsService,
  ) {}

  /**
   * The sheets of a complete run as a PDF that is made while it is read: memory does not grow with the run.
   * A void label's place stays empty.
   * @throws {AppError} `conflict` while labels are still being signed
   */
  async open(actor: Principal, runId: string, query: SheetQuery): Promise<{ pdf: Readable; fileName: string }> {
    const run = await this.printRuns.find(actor, runId);
    if (run.status !== 'complete')
      throw new AppError(
        'conflict',
        `${run.issued} of ${run.count} labels are signed; the sheet is there after the last`,
      );
    const pdf = Readable.from(this.pages(run, query), { objectMode: false });
    return { pdf, fileName: `labels-${run.gtin}-${run.lot}-${run.id}.pdf` };
  }

  private async *pages(run: PrintRunRow, { language, start }: SheetQuery): AsyncGenerator<Buffer> {
    const template = templateOf(run);
    let sheet: SheetPdf | undefined;
    let place = start - 1;
    for await (const label of this.labels(run.id)) {
      const uri = labelUri(template, label);
      const fresh = sheet === undefined;
      sheet ??= openSheet(run, languageSchema.parse(language ?? run.language), uri);
      if (fresh || place === 0) sheet.addPage();
      if (label.state === 'issued') sheet.drawLabel(place, { uri, typedCode: formatTypedCode(label.serial) });
      place = (place + 1) % labelsPerSheet;
      if (place === 0) yield* drain(sheet);
    }
    sheet?.end();
    if (sheet !== undefined) yield* drain(sheet);
  }

  private async *labels(runId: string): AsyncGenerator<StoredLabel> {
    for (let last = 0; ;) {
      const labels = await labelsAfter(this.db, runId, last, readAhead);
      yield* labels;
      last = labels.at(-1)?.position ?? last;
      if (labels.length < readAhead) return;
    }
  }
}

/** Version and places are the same for all labels of a run, whose URIs are equally long. */
function openSheet(run: PrintRunRow, language: Language, uri: string): SheetPdf {
  const version = symbolVersion(uri);
  const { size } = encodeSymbol(uri, version);
  const { gtin, lot, createdAt } = run;
  return new SheetPdf({ gtin, lot, createdAt, language, facts: factsOf(run) }, layoutFor(size), version);
}

function* drain(sheet: SheetPdf): Generator<Buffer> {
  for (let chunk = sheet.read(); chunk !== null; chunk = sheet.read()) yield chunk;
}
