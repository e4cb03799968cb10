import { randomUUID } from 'node:crypto';
import { languages, type Language } from '#label';
import { textsOf } from '../i18n/index.js';
import type { Tone } from '../verify/verdict.rules.js';
import { escape, html, Html, type Part } from './html.js';
import { edge, faviconLink, mark } from './icons.js';
import { style } from './style.js';

/** A whole page, encoded, in pieces. */
export type Page = readonly Buffer[];

/** A page with holes, encoded: the first hole is the language switch, others are where the content has a {@link hole}. */
export type Frame = readonly Buffer[];

/** Where a frame is filled in later. Nobody can write it into a text, because nobody knows it. */
export const hole = new Html(`<!--${randomUUID()}-->`);

export interface Content {
  language: Language;
  title: string;
  tone: Tone | 'plain';
  /** Inside the coloured band. */
  band: Part;
  main: Part;
  /** Beside the links of the foot. */
  foot?: Part;
}

/** The head as a plain string: the style must go out to the byte as it was hashed for the security policy. */
const headOf = (language: Language, title: string): string =>
  `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" href="${faviconLink}"><style>${style}</style><title>${escape(title)}</title></head><body>`;

/** Lays a page out. The verdict, or what stands for it, comes first. */
export function frameOf({ language, title, tone, band, main, foot }: Content): Frame {
  const texts = textsOf(language);
  const body = html`
    <header class="band ${tone}">
      <div class="wrap">
        <nav class="top" aria-label="${texts.chooseLanguage}">
          <a href="/?lang=${language}" aria-label="${texts.site}">${mark}</a>${hole}
        </nav>
        <div class="verdict">${band}</div>
      </div>
    </header>
    ${edge(tone)}
    <main class="wrap">${main}</main>
    <footer class="wrap">
      ${foot}
      <p><a href="/check?lang=${language}">${texts.nav.check}</a> · <a href="/?lang=${language}">${texts.site}</a></p>
    </footer>
  `;
  const page = `${headOf(language, title)}${body.text}</body></html>`;
  return page.split(hole.text).map((piece) => Buffer.from(piece));
}

/**
 * Fills the holes of a frame.
 * @param target the path and query of this page as asked, for the language switch
 * @param parts for the holes after the first, in order
 */
export function fill(frame: Frame, language: Language, target: string, ...parts: Html[]): Page {
  const fillings = [switchOf(language, target), ...parts];
  return frame.flatMap((piece, i) => {
    const filling = i === frame.length - 1 ? undefined : fillings[i];
    return filling === undefined ? [piece] : [piece, Buffer.from(filling.text)];
  });
}

/** What every link of the language switch says, whatever page it is on. */
const links = languages.map((language) => {
  const { name, short } = textsOf(language).language;
  return {
    language,
    here: html`<li><b lang="${language}" aria-current="true">${short}</b></li>`,
    rest: html`lang=${language}" lang="${language}" hreflang="${language}" title="${name}">${short}</a></li>`,
  };
});

function switchOf(current: Language, target: string): Html {
  const before = escape(withoutLanguage(target));
  const items = links.map(({ language, here, rest }) =>
    language === current ? here.text : `<li><a href="${before}${rest.text}`,
  );
  return new Html(`<ul class="langs">${items.join('')}</ul>`);
}

/** The same address in another language: `lang` is not numeric, so that it never touches a label's verdict. */
export const inLanguage = (target: string, language: Language): string => `${withoutLanguage(target)}lang=${language}`;

/** The address without its `lang`, up to where another one goes. */
function withoutLanguage(target: string): string {
  const mark = target.indexOf('?');
  if (mark < 0) return `${target}?`;
  const pairs = target.slice(mark + 1).split('&');
  const kept = pairs.filter((pair) => pair !== '' && pair !== 'lang' && !pair.startsWith('lang='));
  return target.slice(0, mark + 1) + kept.map((pair) => `${pair}&`).join('');
}
