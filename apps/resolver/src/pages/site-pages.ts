import type { LocalizedText } from '#contracts';
import type { Language } from '#label';
import { textsOf } from '../i18n/index.js';
import { html, type Part } from './html.js';
import { iconOf } from './icons.js';
import { fill, frameOf, type Page } from './layout.js';
import { text } from './story-page.js';

/** The page at `/`. */
export function homePage(language: Language, target: string): Page {
  const texts = textsOf(language);
  const { heading, lead, howHeading, how, check, documents } = texts.home;
  const frame = frameOf({
    ...{ language, tone: 'plain', title: texts.site },
    band: html`<h1>${heading}</h1>
      <p>${lead}</p>`,
    main: html`<section>
        <h2>${howHeading}</h2>
        <ol class="how">
          ${how.map((step) => html`<li>${step}</li>`)}
        </ol>
        <p><a class="button" href="/check?lang=${language}">${check}</a></p>
      </section>
      <section>
        <p><a href="/api/resolver/docs">${documents}</a></p>
      </section>`,
  });
  return fill(frame, language, target);
}

/** What a person typed at `/check`, what is wrong with it, and the products that it may mean. */
export interface CheckForm {
  code: string;
  gtin: string;
  codeFault?: string;
  gtinFault?: string;
  choices?: { href: string; names: LocalizedText | null; gtin: string }[];
}

/** The page at `/check`. */
export function checkPage(form: CheckForm, language: Language, target: string): Page {
  const texts = textsOf(language).check;
  const frame = frameOf({
    ...{ language, tone: 'plain', title: texts.heading },
    band: html`<h1>${texts.heading}</h1>
      <p>${texts.lead}</p>`,
    main: html`<section>
      ${choices(form, language)}
      <form action="/check" method="get">
        <input type="hidden" name="lang" value="${language}" />
        ${field({ name: 'code', label: texts.code, value: form.code, hint: texts.codeHint, fault: form.codeFault, longest: 64 })}
        ${field({ name: 'gtin', label: texts.gtin, value: form.gtin, hint: texts.gtinHint, fault: form.gtinFault, longest: 20 })}
        <button type="submit">${texts.submit}</button>
      </form>
    </section>`,
  });
  return fill(frame, language, target);
}

interface Field {
  name: string;
  label: string;
  value: string;
  hint: string;
  fault: string | undefined;
  longest: number;
}

function field({ name, label, value, hint, fault, longest }: Field): Part {
  const mode = name === 'gtin' ? 'numeric' : 'text';
  return html`<label for="${name}">${label}</label
    ><input
      class="code"
      id="${name}"
      name="${name}"
      value="${value}"
      maxlength="${longest}"
      inputmode="${mode}"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck="false"
      aria-describedby="${name}-hint"
      ${fault !== undefined && html` aria-invalid="true"`}
    />
    ${fault !== undefined && html`<p class="fault" id="${name}-fault">${fault}</p>`}
    <p class="hint" id="${name}-hint">${hint}</p>`;
}

function choices({ choices: found }: CheckForm, language: Language): Part {
  if (found === undefined) return undefined;
  return html`<h2>${textsOf(language).check.several}</h2>
    <ul class="choose">
      ${found.map(
        ({ href, names, gtin }) =>
          html`<li>
            <a href="${href}">${names === null ? gtin : text(names, language)}</a> <span class="code">${gtin}</span>
          </li>`,
      )}
    </ul>`;
}

/** A page that says why there is none. */
export function errorPage(
  kind: 'notFound' | 'tooMany' | 'unavailable' | 'broken',
  language: Language,
  target: string,
): Page {
  const texts = textsOf(language);
  const { heading, text: explanation } = texts.errors[kind];
  const frame = frameOf({
    ...{ language, tone: 'unknown', title: heading },
    band: html`<div class="head">
        ${iconOf('unknown')}
        <h1>${heading}</h1>
      </div>
      <p>${explanation}</p>`,
    main: html`<section>
      <p><a class="button" href="/check?lang=${language}">${texts.home.check}</a></p>
    </section>`,
  });
  return fill(frame, language, target);
}
