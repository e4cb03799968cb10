import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoMercator, geoPath, type GeoProjection } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { countries, countryNumeric, type Country } from '#contracts';
import { html, type Html } from './html.js';

const width = 320;
const margin = 6;

interface Outline {
  path: string;
  height: number;
  project: GeoProjection;
}

const outlines = new Map<Country, Outline>();

/** The outline of each country of the programme, drawn once from Natural Earth at 1 : 50 million. */
export function drawOutlines(): void {
  const file = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
  const atlas = JSON.parse(readFileSync(file, 'utf8')) as Topology<{ countries: GeometryCollection }>;
  for (const country of countries) {
    const shape = atlas.objects.countries.geometries.find(({ id }) => id === countryNumeric[country]);
    if (shape === undefined) throw new Error(`the atlas has no ${country}`);
    outlines.set(country, drawOutline(feature(atlas, shape)));
  }
}

function drawOutline(shape: ReturnType<typeof feature>): Outline {
  const project = geoMercator().fitWidth(width - 2 * margin, shape);
  const [, [, bottom]] = geoPath(project).bounds(shape);
  const [x, y] = project.translate();
  project.translate([x + margin, y + margin]);
  return { path: geoPath(project).digits(1)(shape) ?? '', height: Math.ceil(bottom + 2 * margin), project };
}

/** A small map of the country with a dot at the published position of the place; nothing without a position. */
export function mapOf(
  place: { country: Country; latitude: number | null; longitude: number | null },
  title: string,
): Html | undefined {
  if (place.latitude === null || place.longitude === null) return undefined;
  if (outlines.size === 0) drawOutlines();
  const outline = outlines.get(place.country);
  const at = outline?.project([place.longitude, place.latitude]);
  if (outline === undefined || at == null) return undefined;
  const [x, y] = at.map((value) => Math.round(value * 10) / 10);
  return html`<svg
    class="map"
    viewBox="0 0 ${width} ${outline.height}"
    width="${width}"
    height="${outline.height}"
    role="img"
    aria-label="${title}"
  >
    <path d="${outline.path}" fill="#e9dac0" stroke="#a98b5d" stroke-width="1" />
    <circle cx="${x}" cy="${y}" r="11" fill="#8c2318" fill-opacity=".2" />
    <circle cx="${x}" cy="${y}" r="5" fill="#8c2318" stroke="#fff" stroke-width="1.500" />
  </svg>`;
}
