import type { Tone } from '../verify/verdict.rules.js';
import { Html } from './html.js';

/** A sign for each tone, different in shape, so that the verdict does not hang on colour. */
const signs: Record<Tone, string> = {
  good: '<circle cx="26" cy="26" r="24"/><path d="M15 27l8 8 15-17"/>',
  info: '<circle cx="26" cy="26" r="24"/><path d="M26 23v14M26 15v1"/>',
  caution: '<path d="M26 5l23 41H3z"/><path d="M26 20v12M26 38v1"/>',
  bad: '<path d="M16 3h20l13 13v20L36 49H16L3 36V16z"/><path d="M18 18l16 16M34 18L18 34"/>',
  unknown: '<circle cx="26" cy="26" r="24"/><path d="M19 20c0-9 14-9 14 0 0 6-7 6-7 11M26 37v1"/>',
};

const icons = new Map(
  Object.entries(signs).map(([tone, sign]) => [
    tone,
    new Html(
      `<svg viewBox="0 0 52 52" width="52" height="52" aria-hidden="true" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">${sign}</svg>`,
    ),
  ]),
);

export const iconOf = (tone: Tone): Html => icons.get(tone) ?? new Html('');

/** The tunduk, the crown of a yurt, seen from below. */
const tunduk =
  '<circle cx="16" cy="16" r="13"/><path d="M10 4.500c3 8 3 15 0 23M16 3v26M22 4.500c-3 8-3 15 0 23M4.500 10c8 3 15 3 23 0M3 16h26M4.500 22c8-3 15-3 23 0"/>';

export const mark = new Html(
  `<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" fill="none" stroke="#fff" stroke-width="1.800">${tunduk}</svg>`,
);

export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#fff" stroke-width="2"><rect width="32" height="32" rx="6" fill="#6d2b1c" stroke="none"/>${tunduk}</svg>`;

export const faviconLink = `data:image/svg+xml,${encodeURIComponent(favicon)}`;

const border =
  '<defs><pattern id="e" width="20" height="10" patternUnits="userSpaceOnUse"><path d="M0 0h20L10 9z" fill="currentColor"/></pattern></defs><rect width="100%" height="10" fill="url(#e)"/>';

/** The toothed border of a felt carpet, between the band and the page. */
export const edge = (tone: Tone | 'plain'): Html =>
  new Html(`<svg class="edge edge-${tone}" aria-hidden="true">${border}</svg>`);
