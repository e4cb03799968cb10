import QRCode from 'qrcode';

/** Error correction level M; the mask is fixed, since the content of a label is nearly random. */
const options = { errorCorrectionLevel: 'M', maskPattern: 2 } as const;

/**
 * A label's URI in three segments: the origin in bytes, the path in the alphanumeric mode (its alphabet holds every
 * character of the path and takes 5.5 bits in place of 8), the rest in bytes.
 */
function segmentsOf(uri: string) {
  const path = uri.indexOf('/01/');
  const query = uri.indexOf('?');
  const bytes = (text: string) => ({ data: Buffer.from(text, 'latin1'), mode: 'byte' as const });
  return [
    bytes(uri.slice(0, path)),
    { data: uri.slice(path, query), mode: 'alphanumeric' as const },
    bytes(uri.slice(query)),
  ];
}

/** The version of the symbol that a URI needs: one for all labels of a run, whose URIs are equally long. */
export function symbolVersion(uri: string): number {
  return QRCode.create(segmentsOf(uri), options).version;
}

export interface Symbol {
  /** Modules a side. */
  size: number;
  /** One byte a module, row by row; not 0 is dark. */
  modules: Uint8Array;
}

export function encodeSymbol(uri: string, version: number): Symbol {
  const { modules } = QRCode.create(segmentsOf(uri), { ...options, version });
  return { size: modules.size, modules: modules.data };
}

/** The dark modules as PDF rectangles, one a run of modules in a row; the unit is one module. */
export function symbolPath({ size, modules }: Symbol): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    const row = y * size;
    for (let x = 0; x < size; x++) {
      if (modules[row + x] === 0) continue;
      const start = x;
      while (x < size && modules[row + x] !== 0) x++;
      path += `${start} ${y} ${x - start} 1 re\n`;
    }
  }
  return path;
}
