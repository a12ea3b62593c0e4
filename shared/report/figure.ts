// Draws a chart into the page: an SVG without scripts, in the page's own colours, the same bytes every time.
// In one file: by its hundreds of modules, the library takes longer to load than many a report to draw. And of its charts
// only the common ones: each drawing passes through the stages of every chart that is registered.
import * as echarts from 'echarts/dist/echarts.common.js';
import { Html, html } from '../page/html.ts';
import { legend, type Key } from './legend.ts';

/** Stand-ins that the page's style sheet gives their colours, for light and dark. */
export const INK = {
  text: '#0a0001',
  grid: '#0a0002',
  actual: '#0a0003',
  model: '#0a0004',
  lastWeek: '#0a0005',
  meanOfFour: '#0a0006',
  below: '#0a0007',
  above: '#0a0008',
} as const;

export type Ink = keyof typeof INK;

export interface FigureWords {
  readonly title: string;
  /** None where one legend stands above many charts. */
  readonly keys: readonly Key[];
  /** What to see in it, and what was left out. */
  readonly caption: string;
}

/** In pixels of the drawing, which is scaled to the page. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sizes that the style sheet assumes. */
export const SIZES = {
  /** The page's width. */
  full: { width: 900, height: 300 },
  /** Half of it. */
  half: { width: 480, height: 280 },
  /** What a phone shows instead of both: scaled down they could not be read. */
  narrow: { width: 340, height: 260 },
  /** One site among many; the same everywhere. */
  small: { width: 320, height: 150 },
} as const satisfies Readonly<Record<string, Size>>;

/** What is drawn, given the room that there is for it. */
export type Draw = (size: Size) => echarts.EChartsOption;

/** A chart in two drawings, of which the style sheet shows the one that the page has room for. */
export const figure = (id: string, words: FigureWords, room: 'full' | 'half', draw: Draw): Html =>
  framed(
    words,
    room,
    html`<div class="broad">${drawing(id, SIZES[room], draw)}</div>
      <div class="narrow">${drawing(`${id}-narrow`, SIZES.narrow, draw)}</div>`,
  );

/** A chart among many like it. */
export const smallFigure = (id: string, words: FigureWords, draw: Draw): Html =>
  framed(words, 'small', drawing(id, SIZES.small, draw));

const framed = ({ title, keys, caption }: FigureWords, room: string, drawings: Html): Html =>
  html`<figure class="${room}" aria-label="${title}">
    <h3>${title}</h3>
    ${keys.length === 0 ? '' : legend(keys)} ${drawings}
    <figcaption>${caption}</figcaption>
  </figure> `;

/** `id` is unique in the page. */
const drawing = (id: string, size: Size, draw: Draw): Html =>
  new Html(drawn(id, size, draw, (ink) => `var(--${ink})`));

/** The drawing alone, an element `svg` that is hidden from screen readers, with the colours that `colourOf` names. */
export function drawn(id: string, size: Size, draw: Draw, colourOf: (ink: Ink) => string): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { color: INK.text }, ...draw(size) });
    return settled(chart.renderToSVGString(), id, colourOf);
  } finally {
    chart.dispose();
  }
}

/**
 * Names in the drawing count up over the life of the process; here they are counted anew for each. What is
 * invisible goes, and the font is the style sheet's: the page's policy allows no style in an attribute.
 */
function settled(svg: string, id: string, colourOf: (ink: Ink) => string): string {
  const names = new Map<string, string>();
  return svg
    .replace(/<style >[\s\S]*?<\/style>/g, '')
    .replace(/<path [^>]*stroke-width="0"[^>]*><\/path>\n?/g, (path) =>
      /fill="none"/.test(path) ? '' : path,
    )
    .replace(/<g [^>]*>\s*<\/g>\n?/g, '')
    .replace(
      / (?:class|style|ecmeta_[a-z_]+|xmlns(?::xlink)?|xml:space|version|baseProfile|pointer-events)="[^"]*"/g,
      '',
    )
    .replace(/^<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replace(/\bzr\d+-c\d+\b/g, (name) => {
      if (!names.has(name)) names.set(name, `${id}-clip-${names.size}`);
      return names.get(name) ?? name;
    })
    .replace(/"(#0a000[1-8])"/g, (_, ink: string) => `"${colourOf(NAMES.get(ink) ?? 'text')}"`);
}

const NAMES = new Map<string, Ink>((Object.keys(INK) as Ink[]).map((name) => [INK[name], name]));
