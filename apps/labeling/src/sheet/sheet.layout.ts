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
/** Four dots of a 203-dpi printer. */
const wishedModule = 0.5;
/** The symbol with its quiet zone must leave room for the typed code below. */
const widestSymbol = 33;
const symbolCorner = { x: 0.6, y: 0.6 };
const textGap = 0.8;
const rightMargin = 1.8;

export interface LabelLayout {
  /** X-dimension. */
  module: number;
  /** Corner of the symbol without its quiet zone. */
  symbol: { x: number; y: number };
  /** The square with the quiet zone, which nothing else may touch. */
  clear: { x: number; y: number; side: number };
  text: { x: number; y: number; width: number; height: number };
  /** The typed code, centred under the symbol. */
  code: { x: number; y: number; width: number; height: number };
}

/** Places within a label for a symbol of so many modules a side. */
export function layoutFor(modules: number): LabelLayout {
  const module = Math.min(wishedModule, widestSymbol / (modules + 2 * quietModules));
  const side = module * (modules + 2 * quietModules);
  const clear = { ...symbolCorner, side };
  const textX = clear.x + side + textGap;
  const codeY = clear.y + side;
  return {
    module,
    clear,
    symbol: { x: clear.x + quietModules * module, y: clear.y + quietModules * module },
    text: {
      ...{ x: textX, y: 2.2 },
      width: stock.labelWidth - textX - rightMargin,
      height: stock.labelHeight - 2.2 - 1.8,
    },
    code: { x: clear.x, y: codeY, width: side, height: stock.labelHeight - codeY - 1 },
  };
}
