// A chart as a picture of its own: title, legend and drawing in one file, in the colours of one theme. It has no style and no
// script in it, so a page's strict policy lets it be shown, and it looks the same wherever it is saved.
import { html, Html } from '../page/html.ts';
import { coloursOf, DARK, LIGHT } from '../page/palette.ts';
import { drawn, type Draw, type Size } from './figure.ts';
import type { Key } from './legend.ts';

export const THEMES = { light: coloursOf(LIGHT), dark: coloursOf(DARK) } as const;
export type Theme = keyof typeof THEMES;

export interface PictureWords {
  readonly title: string;
  readonly keys: readonly Key[];
}

const MARGIN = 12;
const TITLE_HEIGHT = 26;
const KEY_HEIGHT = 18;
const SWATCH = 20;
const KEY_GAP = 14;
/** Of the page's fonts at 12 and 15 pixels; a picture cannot measure a text that another machine draws. */
const LETTER = 7;
const TITLE_LETTER = 9.2;

/** `size` is that of the drawing; title and legend stand above it. */
export function picture({ title, keys }: PictureWords, size: Size, theme: Theme, draw: Draw): string {
  const colours = THEMES[theme];
  const colour = (name: string) => colours.get(name) ?? '#888888';
  const rows = rowsOf(keys, size.width);
  const head = TITLE_HEIGHT + rows.length * KEY_HEIGHT + MARGIN / 2;
  const [width, height] = [size.width + 2 * MARGIN, size.height + head + MARGIN];
  const inner = drawn('picture', size, draw, colour).replace(
    /^<svg /,
    `<svg x="${MARGIN}" y="${head}" width="${size.width}" height="${size.height}" `,
  );
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    font-family="system-ui, sans-serif"
    font-size="12"
  >
    <title>${title}</title>
    <rect width="${width}" height="${height}" fill="${colour('card')}" />
    <text x="${MARGIN}" y="20" font-size="15" font-weight="600" fill="${colour('strong')}">
      ${cut(title, size.width)}
    </text>
    ${rows.map((row, at) => rowShown(row, TITLE_HEIGHT + (at + 0.7) * KEY_HEIGHT, colour))} ${new Html(inner)}
  </svg>`.markup;
}

const cut = (title: string, width: number): string => {
  const most = Math.floor(width / TITLE_LETTER);
  return title.length <= most ? title : `${title.slice(0, most - 1)}…`;
};

interface Placed extends Key {
  readonly x: number;
}

/** Keys beside each other, as many as a row has room for. */
function rowsOf(keys: readonly Key[], width: number): readonly (readonly Placed[])[] {
  const rows: Placed[][] = [];
  let x = 0;
  for (const key of keys) {
    const needed = SWATCH + key.name.length * LETTER;
    const row = rows.at(-1);
    if (row === undefined || x + needed > width) {
      rows.push([{ ...key, x: 0 }]);
      x = needed + KEY_GAP;
    } else {
      row.push({ ...key, x });
      x += needed + KEY_GAP;
    }
  }
  return rows;
}

const rowShown = (row: readonly Placed[], y: number, colour: (name: string) => string): readonly Html[] =>
  row.map(
    ({ name, shape, x }) =>
      html`${swatch(shape, MARGIN + x, y, colour)}
        <text x="${MARGIN + x + SWATCH}" y="${y + 4}" fill="${colour('text')}">${name}</text>`,
  );

/** As the legend of a page, by shape as well as by colour. */
function swatch(shape: Key['shape'], x: number, y: number, colour: (name: string) => string): Html {
  switch (shape) {
    case 'band':
      return html`<rect
        x="${x}"
        y="${y - 5}"
        width="14"
        height="10"
        fill="${colour('model')}"
        opacity="0.25"
      />`;
    case 'dot':
      return html`<circle cx="${x + 7}" cy="${y}" r="2" fill="${colour('actual')}" opacity="0.5" />`;
    case 'last':
      return html`<path d="M${x + 7} ${y - 6}v12" stroke="${colour('text')}" stroke-dasharray="3 2" />`;
    case 'lastYear':
      return html`<path
        d="M${x} ${y}h14"
        stroke="${colour('lastWeek')}"
        stroke-width="2"
        stroke-dasharray="4 3"
      />`;
    case 'actual':
    case 'model':
    case 'lastWeek':
    case 'meanOfFour':
    case 'below':
    case 'above':
      return html`<path d="M${x} ${y}h14" stroke="${colour(shape)}" stroke-width="3" />`;
  }
}
