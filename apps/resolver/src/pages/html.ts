/** Markup that is safe to send: made by {@link html} alone. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text is escaped, markup is kept, nothing is nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Makes a text safe inside an element and inside a quoted attribute. */
export function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign) : text;
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return typeof part === 'number' ? String(part) : escape(part);
}

const collapsed = new WeakMap<TemplateStringsArray, string[]>();

/** Line breaks of the source are for its reader: each, with its indent, is one space on the page. */
function collapse(strings: TemplateStringsArray): string[] {
  const known = collapsed.get(strings) ?? strings.map((string) => string.replace(/\s*\n\s*/g, ' '));
  collapsed.set(strings, known);
  return known;
}

/** A template of markup: every value in it is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const [first = '', ...rest] = collapse(strings);
  let text = first;
  for (const [i, part] of parts.entries()) text += render(part) + (rest[i] ?? '');
  return new Html(text);
}
