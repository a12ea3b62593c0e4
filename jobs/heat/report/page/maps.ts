// Maps in the page: pictures in the page itself, each with a legend that is drawn in the page's own colours.
import { html, type Html } from '../../../../shared/page/html.ts';
import { paletteOf, type ScaleName } from '../../formats/png/colours.ts';
import type { Messages } from '../language/texts.ts';
import { legendLabels, type Coloured } from '../legend-labels.ts';
import type { MapName, ReportMap } from '../maps.ts';

const STOPS = 10;
/** Of the legend's drawing, which is scaled to the width of its map. */
const [WIDTH, BAR, HEIGHT] = [320, 12, 34];

const source = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`;

export interface LegendOf extends Coloured {
  readonly id: string;
  readonly scale: ScaleName;
}

/** `id` is unique in the page. */
export function mapLegend({ format }: Messages, { id, scale, ...coloured }: LegendOf): Html {
  const colours = paletteOf(scale, STOPS).map((parts) => `rgb(${parts.join(',')})`);
  const labels = legendLabels(format, coloured);
  const anchors = ['start', 'middle', 'end'];
  return html`<svg
    class="colours"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${labels.join(' – ')}"
  >
    <defs>
      <linearGradient id="${id}">
        ${colours.map((colour, at) => html`<stop offset="${at / (STOPS - 1)}" stop-color="${colour}" />`)}
      </linearGradient>
    </defs>
    <rect width="${WIDTH}" height="${BAR}" fill="url(#${id})" />
    ${labels.map((label, at) => {
      const x = (at / (labels.length - 1)) * WIDTH;
      return html`<text x="${x}" y="${HEIGHT - 6}" text-anchor="${anchors[at] ?? ''}" fill="var(--text)"
        >${label}</text
      >`;
    })}
  </svg>`;
}

export const picture = (
  png: Buffer,
  { columns, rows }: { columns: number; rows: number },
  alt: string,
): Html => html`<img src="${source(png)}" width="${columns}" height="${rows}" alt="${alt}" />`;

export const mapFigure = (
  m: Messages,
  map: ReportMap,
  { title, caption }: { readonly title: string; readonly caption: string },
): Html =>
  html`<figure class="map">
    <h3>${title}</h3>
    ${picture(map.png, map, title)} ${mapLegend(m, { ...map, id: `colours-${map.name}` })}
    <figcaption>${caption}</figcaption>
  </figure> `;

/** The title and the caption of each map. */
export function mapWords({ maps, format }: Messages, threshold: number) {
  const shown = format.degrees(threshold, threshold % 1 === 0 ? 0 : 1);
  const words: Readonly<Record<MapName, { readonly title: string; readonly caption: string }>> = {
    mean: { title: maps.mean, caption: maps.meanCaption },
    days: { title: maps.days, caption: maps.daysCaption(shown) },
    intensity: { title: maps.intensity, caption: maps.intensityCaption(shown) },
    error: { title: maps.error, caption: maps.errorCaption },
    ndvi: { title: maps.ndvi, caption: maps.ndviCaption },
    ndbi: { title: maps.ndbi, caption: maps.ndbiCaption },
  };
  return words;
}
