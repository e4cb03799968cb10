/** Width of a text in points at a size in points. */
export type Measure = (text: string, size: number) => number;

export interface FittedText {
  size: number;
  lines: string[];
}

const ellipsis = '…';
const step = 0.25;

/**
 * Breaks a text into at most `lines` lines no wider than `width` points. It shrinks from `size` to `smallest`
 * first; what then still does not fit ends in an ellipsis. No line is ever wider than `width`.
 */
export function fitText(
  text: string,
  measure: Measure,
  { width, lines, size, smallest }: { width: number; lines: number; size: number; smallest: number },
): FittedText {
  const clean = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  for (let tried = size; tried > smallest; tried -= step) {
    const broken = breakLines(clean, (part) => measure(part, tried) <= width);
    if (broken.length <= lines && !broken.cut) return { size: tried, lines: broken.lines };
  }
  const fits = (part: string): boolean => measure(part, smallest) <= width;
  const { lines: all } = breakLines(clean, fits);
  if (all.length <= lines) return { size: smallest, lines: all };
  const last = shorten(all.slice(lines - 1).join(' '), fits);
  return { size: smallest, lines: [...all.slice(0, lines - 1), last] };
}

/** Greedy lines; `cut` when a word had to be broken. */
function breakLines(text: string, fits: (part: string) => boolean): { lines: string[]; length: number; cut: boolean } {
  const lines: string[] = [];
  let cut = false;
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (!fits(rest)) {
      const head = longestPrefix(rest, fits);
      lines.push(head);
      rest = rest.slice(head.length);
      cut = true;
    }
    line = rest;
  }
  if (line !== '') lines.push(line);
  return { lines, length: lines.length, cut };
}

/** At least one character, so that breaking always comes to an end. */
function longestPrefix(word: string, fits: (part: string) => boolean): string {
  const characters = [...word];
  let taken = 1;
  while (taken < characters.length && fits(characters.slice(0, taken + 1).join(''))) taken++;
  return characters.slice(0, taken).join('');
}

function shorten(text: string, fits: (part: string) => boolean): string {
  const characters = [...text];
  for (let kept = characters.length; kept > 0; kept--) {
    const shortened = `${characters.slice(0, kept).join('').trimEnd()}${ellipsis}`;
    if (fits(shortened)) return shortened;
  }
  return ellipsis;
}
