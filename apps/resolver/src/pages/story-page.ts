import type { LocalizedText, MaterialQuantity } from '#contracts';
import type { Language } from '#label';
import { localized, textsOf } from '../i18n/index.js';
import { localDay, type PlaceWithPath, type PublicStep } from '../stories/story.rules.js';
import type { Story } from '../stories/story-view.js';
import { zoneOf } from '../verify/dates.rules.js';
import { formatDay, formatDays, formatNumber, formatQuantity } from './format.js';
import { html, type Html, type Part } from './html.js';
import { mapOf } from './map.js';

/** A localized text; where it is not in the page's language it says in which it is. */
export function text(names: LocalizedText, language: Language): Html {
  const found = localized(names, language);
  return found.language === language ? html`${found.text}` : html`<span lang="${found.language}">${found.text}</span>`;
}

const plain = (names: LocalizedText, language: Language): string => localized(names, language).text;

/** Everything about a batch that is the same for each of its labels. */
export function storySections(story: Story, language: Language, today: string): Part {
  return [
    originSection(story.origin, language),
    producerSection(story, language),
    stepsSection(story, language),
    certificationSection(story, language, today),
    limitsSection(language),
  ];
}

/** What it is and where it comes from, in two lines. */
export function productHead({ product, origin }: Story, language: Language): Part {
  const oblast = origin?.path.find(({ level }) => level === 1);
  return [
    product !== null && html`<p class="name">${text(product.names, language)}</p>`,
    origin !== undefined &&
      html`<p class="from">
        ${text(origin.place.names, language)}${oblast && html` · ${text(oblast.names, language)}`}
      </p>`,
  ];
}

function originSection(origin: PlaceWithPath | undefined, language: Language): Part {
  if (origin === undefined) return undefined;
  const texts = textsOf(language).origin;
  const { place, path } = origin;
  const shown = path.filter(({ level }) => level < 3);
  const country = plain((path.at(-1) ?? place).names, language);
  const altitude = place.altitudeMetres;
  return html`<section>
    <h2>${texts.heading}</h2>
    <p class="big">${text(place.names, language)}</p>
    <p class="sub">${shown.map((parent, i) => html`${i > 0 && ', '}${text(parent.names, language)}`)}</p>
    ${altitude !== null && html`<p class="sub">${texts.altitude(formatNumber(roughly(altitude), language))}</p>`}
    ${mapOf(place, texts.map(plain(place.names, language), country))}
  </section>`;
}

/** Published altitudes are rounded to 50 m: no closer than the village itself. */
const roughly = (metres: number): number => Math.round(metres / 50) * 50;

function producerSection({ makerNames, makerPlace, origin }: Story, language: Language): Html {
  const texts = textsOf(language).producer;
  const village = makerPlace ?? origin;
  const anonymous = texts.anonymous(village === undefined ? null : plain(village.place.names, language));
  return html`<section>
    <h2>${texts.heading}</h2>
    <p class="big">${makerNames === null ? anonymous : text(makerNames, language)}</p>
  </section>`;
}

function stepsSection({ steps }: Story, language: Language): Html {
  const texts = textsOf(language).steps;
  return html`<section>
    <h2 class="title">${texts.heading}</h2>
    ${
      steps.length === 0
        ? html`<p>${texts.none}</p>`
        : html`<ol class="steps">
            ${steps.map((step, i) => stepItem(step, i + 1, language))}
          </ol>`
    }
  </section>`;
}

function stepItem({ names, step, place }: PublicStep, number: number, language: Language): Html {
  const texts = textsOf(language).steps;
  const zone = zoneOf(place?.place.country);
  const day = (moment: string): string => localDay(new Date(moment), zone);
  const when = formatDays(day(step.startedAt), step.endedAt === null ? null : day(step.endedAt), language);
  return html`<li>
    <span class="no" aria-hidden="true">${number}</span>
    <h3>${text(names, language)}${step.corrected && html` <span class="mark">${texts.corrected}</span>`}</h3>
    <p class="when">${when}${place !== undefined && html` · ${text(place.place.names, language)}`}</p>
    ${materials(texts.used, step.inputs, language)}${materials(texts.made, step.outputs, language)}${measurements(step, language)}${
      step.note !== null && html`<p class="note">${step.note}</p>`
    }
  </li>`;
}

function materials(heading: string, list: readonly MaterialQuantity[], language: Language): Part {
  if (list.length === 0) return undefined;
  return html`<p class="facts">
    <span>${heading}:</span> ${list
      .map(({ material, quantity }) => `${material} ${formatQuantity(quantity, language)}`)
      .join(', ')}
  </p>`;
}

function measurements({ measurements: list }: PublicStep['step'], language: Language): Part {
  return list.map(({ name, value, unit }) => {
    const shown = typeof value === 'number' ? formatNumber(value, language) : value;
    return html`<p class="facts"><span>${name}:</span> ${shown}${unit !== null && `\u00a0${unit}`}</p>`;
  });
}

function certificationSection({ certification, product }: Story, language: Language, today: string): Part {
  const texts = textsOf(language).certification;
  if (certification === null)
    return (
      product !== null &&
      html`<section>
        <h2>${texts.heading}</h2>
        <p>${texts.none}</p>
      </section>`
    );
  const { committeeNames, number, decidedAt, validUntil } = certification;
  return html`<section>
    <h2>${texts.heading}</h2>
    <p class="big">${text(committeeNames, language)}</p>
    <dl>
      <div>
        <dt>${texts.number}</dt>
        <dd>${number}</dd>
      </div>
      <div>
        <dt>${texts.decidedOn}</dt>
        <dd>${formatDay(decidedAt.slice(0, 10), language)}</dd>
      </div>
      <div>
        <dt>${texts.validUntil}</dt>
        <dd>${formatDay(validUntil, language)}</dd>
      </div>
    </dl>
    ${validUntil < today && html`<p class="warn">${texts.ended(formatDay(validUntil, language))}</p>`}
  </section>`;
}

/** What a signature cannot prove. */
export function limitsSection(language: Language): Html {
  const { heading, items } = textsOf(language).limits;
  return html`<section>
    <h2 class="title">${heading}</h2>
    <ul class="limits">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </section>`;
}
