import { formatTypedCode, isIssuableSerial, type Language } from '#label';
import { textsOf } from '../i18n/index.js';
import { localDay } from '../stories/story.rules.js';
import { datesOf, zoneOf, type LabelDates } from '../verify/dates.rules.js';
import { toneOf, type Tone } from '../verify/verdict.rules.js';
import type { Outcome } from '../verify/verification.service.js';
import { formatDay, formatQuantity } from './format.js';
import { html, type Html, type Part } from './html.js';
import { iconOf } from './icons.js';
import { fill, frameOf, hole, type Frame, type Page } from './layout.js';
import { limitsSection, productHead, storySections } from './story-page.js';

/** The page of one label: the verdict first, then only what the verdict allows. */
export function labelPage(outcome: Outcome, target: string): Page {
  const { verdict, label, story, shown, now } = outcome;
  const { language } = verdict;
  const dates = datesOf(label, story, now);
  // Who may rely on the label but not on the goods must see that before all else.
  const alert = shown === 'story' && dates.expired ? expiryText(dates, language) : undefined;
  const today = localDay(now, zoneOf(story?.origin?.place.country));
  const make = (): Frame => labelFrame(outcome, alert, today);
  const frame = story === undefined || shown !== 'story' ? make() : story.frame(keyOf(outcome, alert, today), make);
  return fill(frame, language, target, labelFacts(outcome, dates));
}

/** All that the frame of a label's page depends on beside its story: labels that agree in it share the frame. */
function keyOf({ verdict, label, entry }: Outcome, alert: string | undefined, today: string): string {
  const { code, language, facts } = verdict;
  const { seq, ageDays } = facts.bundle ?? {};
  return [language, code, alert, today, seq, ageDays, facts.kid, label?.gtin, entry === undefined].join(' ');
}

/** Everything of the page but the label's own numbers and dates. */
function labelFrame(outcome: Outcome, alert: string | undefined, today: string): Frame {
  const { verdict } = outcome;
  const tone = alert !== undefined && verdict.code !== 'RECALLED' ? 'caution' : toneOf(verdict.code);
  return frameOf({
    ...{ language: verdict.language, tone },
    title: alert ?? verdict.headline,
    band: bandOf(outcome, alert, tone),
    main: [demoNote(outcome), mainOf(outcome, today)],
    foot: trustFoot(outcome),
  });
}

function bandOf(outcome: Outcome, alert: string | undefined, tone: Tone): Html {
  const { verdict, entry, story, asked } = outcome;
  const texts = textsOf(verdict.language).band;
  const day = (date: Date): string => formatDay(date.toISOString().slice(0, 10), verdict.language);
  const reason = verdict.code === 'RECALLED' ? story?.recallReason : null;
  const voided = verdict.code === 'LABEL_VOID' ? entry?.voidedAt : null;
  const unlisted = asked && entry === undefined && verdict.code !== 'UNKNOWN_SERIAL';
  return html`${alert !== undefined && html`<p class="alert">${alert}</p>`}
    <div class="head" data-verdict="${verdict.code}">
      ${iconOf(tone)}
      <h1>${verdict.headline}</h1>
    </div>
    ${reason != null && html`<p><b>${texts.recallReason}:</b> ${reason}</p>`}${
      voided != null &&
      html`<p><b>${texts.voided(day(voided))}${voidReason(entry?.voidReason, texts.voidReasons)}</b></p>`
    }
    <p>${verdict.sentence}</p>
    ${unlisted && html`<p>${texts.notListed}</p>`}`;
}

function expiryText({ bestBefore }: LabelDates, language: Language): string | undefined {
  return bestBefore === null ? undefined : textsOf(language).band.expired(formatDay(bestBefore, language));
}

function voidReason(reason: string | null | undefined, names: Record<string, string>): string {
  const name = names[reason ?? ''];
  return name === undefined ? '' : ` (${name})`;
}

function mainOf(outcome: Outcome, today: string): Part {
  const { verdict, shown, story } = outcome;
  const { language } = verdict;
  if (shown === 'claims') return [claims(outcome), typeCode(language)];
  if (story === undefined) return [unknownProduct(outcome), limitsSection(language)];
  if (shown === 'identity')
    return html`<section>
      <h2>${textsOf(language).identity.heading}</h2>
      ${productHead(story, language)}${hole}
    </section>`;
  return [html`<section>${productHead(story, language)}${hole}</section>`, storySections(story, language, today)];
}

/** Who could not read a label, or may not rely on it, can still type its code or take another one. */
function typeCode(language: Language): Html {
  return html`<section>
    <p><a class="button" href="/check?lang=${language}">${textsOf(language).home.check}</a></p>
  </section>`;
}

/** The register knows nothing of the product yet; the signed trust list names it. */
function unknownProduct({ verdict }: Outcome): Html {
  const { catalogue } = verdict.facts;
  return html`<section>${catalogue && html`<p class="name">${catalogue.product}</p>`}${hole}</section>`;
}

/** What stands on the label beside a verdict that does not confirm it: set apart, and said to be unconfirmed. */
function claims({ label, verdict }: Outcome): Part {
  if (label === undefined) return undefined;
  const { heading, note } = textsOf(verdict.language).claims;
  return html`<div class="claims">
    <h2>${heading}</h2>
    <p>${note}</p>
    <dl>${numbers(label, verdict.language)}</dl>
  </div>`;
}

function numbers(label: NonNullable<Outcome['label']>, language: Language): Part {
  const texts = textsOf(language).product;
  const serial = isIssuableSerial(label.serial) ? formatTypedCode(label.serial) : label.serial;
  return [
    fact(texts.gtin, html`<span class="code">${label.gtin}</span>`),
    label.lot !== undefined && fact(texts.lot, html`<span class="code">${label.lot}</span>`),
    fact(texts.serial, html`<span class="code">${serial}</span>`),
  ];
}

const fact = (name: string, value: Part): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

/** What stands on this very label, and how often it was opened. */
function labelFacts({ label, verdict, entry, story }: Outcome, { packedOn, bestBefore }: LabelDates): Html {
  if (label === undefined) return html``;
  const { language, facts } = verdict;
  const texts = textsOf(language).product;
  const lot = label.lot ?? story?.batch?.lot;
  const day = (name: string, date: string | null | undefined): Part =>
    date != null && fact(name, formatDay(date, language));
  const content = story?.product?.netContent;
  return html`<dl>
      ${content && fact(texts.netContent, formatQuantity(content, language))}
      ${day(texts.packedOn, packedOn)}${day(texts.bestBefore, bestBefore)}${numbers(
        lot === undefined ? label : { ...label, lot },
        language,
      )}${day(texts.signedOn, facts.issueDay)}
    </dl>
    ${entry !== undefined && html`<p class="sub">${scansText(entry, language)}</p>`}`;
}

function scansText(entry: NonNullable<Outcome['entry']>, language: Language): string {
  const texts = textsOf(language).product;
  if (entry.scans === 0 || entry.firstScanAt === null) return texts.firstScan;
  return texts.scans(entry.scans, formatDay(entry.firstScanAt.toISOString().slice(0, 10), language));
}

/** GTINs that begin with 952 are GS1's for demonstrations, and a demonstration's certificates say so themselves. */
function demoNote({ label, verdict, shown }: Outcome): Part {
  if (shown === 'claims') return undefined;
  const demo = label?.gtin.startsWith('952', 1) === true || /\bdemo/i.test(verdict.facts.certificate?.subject ?? '');
  return demo && html`<p class="demo">${textsOf(verdict.language).demo}</p>`;
}

function trustFoot({ verdict, label }: Outcome): Part {
  const { bundle } = verdict.facts;
  if (bundle === undefined || label === undefined) return undefined;
  const texts = textsOf(verdict.language);
  const day = formatDay(bundle.issuedAt.slice(0, 10), verdict.language);
  return html`<p>${texts.trust(bundle.seq, day)} (${texts.trustAge(bundle.ageDays)}).</p>`;
}
