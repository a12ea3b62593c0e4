// Draws a chart into the page: an SVG without scripts, in the page's own colours, the same bytes every time.
import * as echarts from 'echarts';
import { Html, html } from './html.ts';

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

const FONT = 'system-ui, sans-serif';

export interface FigureWords {
  readonly title: string;
  /** What to see in it, and what was left out. */
  readonly caption: string;
}

/** `id` is unique in the page. Sizes are in pixels of the drawing, which is scaled to the page. */
export function figure(
  id: string,
  { title, caption }: FigureWords,
  size: { readonly width: number; readonly height: number },
  option: echarts.EChartsOption,
): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT, color: INK.text },
      ...option,
    });
    const drawing = new Html(settled(chart.renderToSVGString(), id));
    return html`<figure role="group" aria-label="${title}">
      <h3>${title}</h3>
      ${drawing}
      <figcaption>${caption}</figcaption>
    </figure> `;
  } finally {
    chart.dispose();
  }
}

/** Names in the drawing count up over the life of the process; here they are counted anew for each. */
function settled(svg: string, id: string): string {
  const names = new Map<string, string>();
  return svg
    .replace(/<style >[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_[a-z_]+|xmlns(?::xlink)?|version|baseProfile|pointer-events)="[^"]*"/g, '')
    .replace(/^<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replace(/\bzr\d+-c\d+\b/g, (name) => {
      if (!names.has(name)) names.set(name, `${id}-clip-${names.size}`);
      return names.get(name) ?? name;
    })
    .replace(/"(#0a000[1-8])"/g, (_, ink: string) => `"var(--${NAMES.get(ink) ?? 'text'})"`);
}

const NAMES = new Map<string, string>(Object.entries(INK).map(([name, ink]) => [ink, name]));
