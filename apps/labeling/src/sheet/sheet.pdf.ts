import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { units, type Language } from '#contracts';
import { demoRemark } from '../authority/certificate.rules.js';
import type { SheetFacts } from '../print-runs/print-run.schemas.js';
import { fitText, type FittedText } from './fit-text.js';
import { encodeSymbol, symbolPath } from './qr.js';
import { corner, pointsPerMm, symbolCorner, type LabelLayout } from './sheet.layout.js';
import { nameIn, wordsOf } from './sheet.words.js';

const { resolve } = createRequire(import.meta.url);
const fontFile = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const fonts = { regular: fontFile('DejaVuSansCondensed'), bold: fontFile('DejaVuSansCondensed-Bold') } as const;
type Font = keyof typeof fonts;

/** Between the baselines of two lines, in sizes. */
const leading = 1.18;

export interface SheetText {
  gtin: string;
  lot: string;
  facts: SheetFacts;
  language: Language;
  /** Stands in the document, so that the same run always gives the same bytes. */
  createdAt: Date;
}

/** One PDF of labels. The words, which all labels share, are drawn once and repeated as they are. */
export class SheetPdf {
  private readonly document: PDFKit.PDFDocument;
  private shared: { operators: string; fonts: object } | undefined;

  constructor(
    private readonly text: SheetText,
    private readonly layout: LabelLayout,
    private readonly version: number,
  ) {
    const info = { Title: `${text.gtin} ${text.lot}`, Producer: 'ovop-trace', Creator: 'ovop-trace' };
    this.document = new PDFDocument({
      ...{ size: 'A4', margin: 0, autoFirstPage: false, pdfVersion: '1.7', font: fonts.regular },
      info: { ...info, CreationDate: text.createdAt },
    });
    for (const [name, file] of Object.entries(fonts)) this.document.registerFont(name, file);
  }

  addPage(): void {
    this.document.addPage();
    this.shared ??= this.drawShared();
    Object.assign(this.document.page.fonts, this.shared.fonts);
  }

  /** Draws a label on the current page; places count from 0. */
  drawLabel(place: number, label: { uri: string; typedCode: string }): void {
    const at = corner(place);
    const x = at.x * pointsPerMm;
    const y = at.y * pointsPerMm;
    const module = this.layout.module * pointsPerMm;
    const symbol = symbolCorner(place, this.layout);
    const path = symbolPath(encodeSymbol(label.uri, this.version));
    this.document.addContent(`q 1 0 0 1 ${fixed(x)} ${fixed(y)} cm\n${this.shared?.operators ?? ''}Q`);
    this.document.addContent(
      `q 0 0 0 rg ${fixed(module)} 0 0 ${fixed(module)} ${fixed(symbol.x * pointsPerMm)} ${fixed(symbol.y * pointsPerMm)} cm\n${path}f Q`,
    );
    this.drawCode(label.typedCode, x, y);
  }

  end(): void {
    this.document.end();
  }

  /** What has been drawn and not been read yet. */
  read(): Buffer | null {
    const chunk: unknown = this.document.read();
    return chunk instanceof Buffer ? chunk : null;
  }

  private drawCode(code: string, x: number, y: number): void {
    const { code: box } = this.layout;
    const width = box.width * pointsPerMm;
    const measure = (text: string, size: number): number => this.measure('bold', text, size);
    const { size, lines } = fitText(code, measure, { width, lines: 1, size: 9, smallest: 5 });
    const [line = ''] = lines;
    const left = x + box.x * pointsPerMm + (width - measure(line, size)) / 2;
    this.write('bold', line, size, left, y + box.y * pointsPerMm);
  }

  /** Draws the words for a label whose corner is the page's, and keeps the operators in place of drawing them. */
  private drawShared(): { operators: string; fonts: object } {
    const { page } = this.document;
    const write = page.write.bind(page);
    let operators = '';
    page.write = (chunk: unknown) => {
      operators += `${String(chunk)}\n`;
    };
    this.drawWords();
    page.write = write;
    return { operators, fonts: { ...page.fonts } };
  }

  private drawWords(): void {
    const { text: box } = this.layout;
    const x = box.x * pointsPerMm;
    let y = box.y * pointsPerMm;
    const bottom = (box.y + box.height) * pointsPerMm;
    for (const { font, gap, fitted } of this.paragraphs(box.width * pointsPerMm)) {
      for (const line of fitted.lines) {
        if (y + fitted.size * leading > bottom) return;
        this.write(font, line, fitted.size, x, y);
        y += fitted.size * leading;
      }
      y += gap;
    }
  }

  private paragraphs(width: number): { font: Font; gap: number; fitted: FittedText }[] {
    const { facts, language, lot } = this.text;
    const words = wordsOf(language);
    const fit = (font: Font, text: string, lines: number, size: number, gap = 0) => ({
      ...{ font, gap },
      fitted: fitText(text, (part, at) => this.measure(font, part, at), { width, lines, size, smallest: 5.5 }),
    });
    const { value, unit } = facts.netContent;
    const date = (day: string): string => day.split('-').reverse().join('.');
    return [
      fit('bold', nameIn(facts.product, language), 3, 8.5, 1.5),
      fit('regular', nameIn(facts.producer, language), 2, 7, 0.5),
      fit('regular', `${nameIn(facts.village, language)}, ${facts.country}`, 1, 7, 2.5),
      fit('regular', `${words.lot}: ${lot}`, 1, 7),
      ...(facts.packedOn === null ? [] : [fit('regular', `${words.packed}: ${date(facts.packedOn)}`, 1, 7)]),
      ...(facts.bestBefore === null ? [] : [fit('regular', `${words.bestBefore}: ${date(facts.bestBefore)}`, 1, 7)]),
      fit('regular', `${words.net}: ${value} ${units[unit].symbol}`, 1, 7, 2.5),
      ...(facts.demo ? [fit('bold', demoRemark, 1, 7)] : []),
    ];
  }

  private measure(font: Font, text: string, size: number): number {
    return this.document.font(font).fontSize(size).widthOfString(text);
  }

  private write(font: Font, text: string, size: number, x: number, y: number): void {
    this.document.font(font).fontSize(size).fillColor('black').text(text, x, y, { lineBreak: false });
  }
}

const fixed = (value: number): string => value.toFixed(4);
