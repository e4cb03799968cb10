/** Where things are on a sheet, in millimetres from the top left; lengths of text in points. */

export const pointsPerMm = 72 / 25.4;

/** A4 with 3×7 labels of 63.5×38.1 mm, the stock sold as L7160, J8160 and under other names. */
export const stock = {
  ...{ columns: 3, rows: 7 },
  ...{ labelWidth: 63.5, labelHeight: 38.1 },
  ...{ left: 7.2, top: 15.15 },
  ...{ columnPitch: 66.04, rowPitch: 38.1 },
} as const;
export const labelsPerSheet = stock.columns * stock.rows;

/** The corner of a label; places count from 0 along the rows. */
export function corner(place: number): { x: number; y: number } {
  const column = place % stock.columns;
  const row = Math.floor(place / stock.columns) % stock.rows;
  return { x: stock.left + column * stock.columnPitch, y: stock.top + row * stock.rowPitch };
}

export const quietModules = 4;
const mmPerInch = 25.4;
/**
 * X-dimensions that office printers draw without rounding: 6 or 5 dots at 300 dpi, 12 or 10 at 600. Modules of
 * uneven width are what decoders stumble over first.
 */
const wholeDots = [mmPerInch / 50, mmPerInch / 60] as const;
/** The symbol with its quiet zone must leave room for the typed code below. */
const widestSymbol = 33.1;
const inset = { x: 0.6, y: 0.6 };
/** How far {@link symbolCorner} may move a symbol. */
const gridShift = mmPerInch / 100;
const textGap = 0.6;
const rightMargin = 1.8;

export interface LabelLayout {
  /** X-dimension. */
  module: number;
  /** Corner of the symbol without its quiet zone. */
  symbol: { x: number; y: number };
  /** The square with the quiet zone, which nothing else may touch, before the symbol moves to the grid. */
  clear: { x: number; y: number; side: number };
  text: { x: number; y: number; width: number; height: number };
  /** The typed code, centred under the symbol. */
  code: { x: number; y: number; width: number; height: number };
}

/** Places within a label for a symbol of so many modules a side. */
export function layoutFor(modules: number): LabelLayout {
  const across = modules + 2 * quietModules;
  const module = wholeDots.find((dots) => dots * across <= widestSymbol) ?? widestSymbol / across;
  const side = module * across;
  const clear = { ...inset, side };
  const textX = clear.x + side + gridShift + textGap;
  const codeY = clear.y + side + gridShift;
  return {
    module,
    clear,
    symbol: { x: clear.x + quietModules * module, y: clear.y + quietModules * module },
    text: {
      ...{ x: textX, y: 2.2 },
      width: stock.labelWidth - textX - rightMargin,
      height: stock.labelHeight - 2.2 - 1.8,
    },
    code: { x: clear.x, y: codeY, width: side, height: stock.labelHeight - codeY - 0.9 },
  };
}

/** Where the symbol of a place begins on the page: on a grid of 1/50 inch, so that its edges meet the printer's dots. */
export function symbolCorner(place: number, { symbol }: LabelLayout): { x: number; y: number } {
  const { x, y } = corner(place);
  const [grid] = wholeDots;
  return { x: Math.round((x + symbol.x) / grid) * grid, y: Math.round((y + symbol.y) / grid) * grid };
}
