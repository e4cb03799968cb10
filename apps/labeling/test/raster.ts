import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corner, labelsPerSheet, stock } from '../src/sheet/sheet.layout.js';

/** Pictures of sheets, made by poppler and read by zbar: nothing of it is ours. */

interface Picture {
  width: number;
  height: number;
  /** One byte a pixel, 0 is black. */
  pixels: Uint8Array;
}

/** The pages of a PDF as grey pictures. */
export function rasterise(pdf: Buffer, dpi: number): Picture[] {
  const folder = mkdtempSync(join(tmpdir(), 'ovop-raster-'));
  try {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    execFileSync('pdftoppm', ['-r', String(dpi), '-gray', 'sheet.pdf', 'page'], { cwd: folder });
    const pages = readdirSync(folder).filter((name) => name.endsWith('.pgm'));
    return pages.sort().map((name) => readPgm(readFileSync(join(folder, name))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readPgm(file: Buffer): Picture {
  const [head = '', width, height] = /^P5\s(\d+)\s(\d+)\s255\s/.exec(file.subarray(0, 40).toString('latin1')) ?? [];
  return { width: Number(width), height: Number(height), pixels: file.subarray(head.length) };
}

/** A part of a picture, in pixels. */
export function crop({ width, pixels }: Picture, x: number, y: number, wide: number, high: number): Picture {
  const part = new Uint8Array(wide * high);
  for (let row = 0; row < high; row++)
    part.set(pixels.subarray((y + row) * width + x, (y + row) * width + x + wide), row * wide);
  return { width: wide, height: high, pixels: part };
}

/** Each label of a page by itself, as a phone sees it, in order of the places. */
export function labelsOn(page: Picture, dpi: number): Picture[] {
  const dots = (mm: number): number => Math.round((mm / 25.4) * dpi);
  return Array.from({ length: labelsPerSheet }, (_, place) => {
    const { x, y } = corner(place);
    return crop(page, dots(x), dots(y), dots(stock.labelWidth), dots(stock.labelHeight));
  });
}

/** What zbar reads in each picture; nothing where there is no code. */
export function readCodes(pictures: readonly Picture[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'ovop-codes-'));
  try {
    return pictures.map(({ width, height, pixels }) => {
      writeFileSync(join(folder, 'code.pgm'), Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]));
      // zbarimg ends with status 4 where it finds nothing, and complains about D-Bus where there is none.
      const script = 'zbarimg --raw -q -Sdisable -Sqrcode.enable code.pgm 2>/dev/null || test $? = 4';
      return execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }).split('\n').filter(Boolean);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
