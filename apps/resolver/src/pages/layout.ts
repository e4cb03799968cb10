import { languages, type Language } from '#label';
import { textsOf } from '../i18n/index.js';
import type { Tone } from '../verify/verdict.rules.js';
import { escape, html, Html, type Part } from './html.js';
import { edge, faviconLink, mark } from './icons.js';
import { style } from './style.js';

/** A whole page, encoded, in pieces. */
export type Page = readonly Buffer[];

export interface Content {
  language: Language;
  title: string;
  tone: Tone | 'plain';
  /** The path and query of this page as asked, for the language switch. */
  target: string;
  /** Inside the coloured band. */
  band: Part;
  main: Part;
  /** The part of `main` that was made before, and comes last in it. */
  prepared?: Buffer;
  /** Beside the links of the foot. */
  foot?: Part;
}

const heads = new Map(languages.map((language) => [language, headOf(language)]));

function headOf(language: Language): Buffer {
  return Buffer.from(
    `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" href="${faviconLink}"><style>${style}</style>`,
  );
}

const nothing = Buffer.alloc(0);

/** Lays a page out. The verdict, or what stands for it, comes first. */
export function layout({ language, title, tone, target, band, main, prepared, foot }: Content): Page {
  const texts = textsOf(language);
  const start = html`<title>${title}</title></head><body>
<header class="band ${tone}"><div class="wrap">
<nav class="top" aria-label="${texts.chooseLanguage}"><a href="/?lang=${language}" aria-label="${texts.site}">${mark}</a>${switchOf(language, target)}</nav>
<div class="verdict">${band}</div></div></header>${edge(tone)}
<main class="wrap">${main}`;
  const end = html`</main><footer class="wrap">${foot}<p><a href="/check?lang=${language}">${texts.nav.check}</a> · <a href="/?lang=${language}">${texts.site}</a></p></footer>
</body></html>`;
  const head = heads.get(language) ?? nothing;
  return [head, Buffer.from(start.text), prepared ?? nothing, Buffer.from(end.text)];
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
