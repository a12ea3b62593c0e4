// The picture of docs/COST.md: one bar per month, by service, and the function-seconds of a run compared with a waiting function.
import type { Service } from './prices.ts';

export interface Bar {
  readonly label: string;
  readonly total: string;
  readonly parts: readonly { readonly service: string; readonly amount: number }[];
}

export interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

// They differ in lightness as well, for readers who do not see the hues.
const COLOURS: Readonly<Record<Service | 'Billed function-seconds', string>> = {
  Functions: '#1b4965',
  Job: '#5fa8d3',
  Storage: '#bee9e8',
  'Pub/Sub': '#6b4e71',
  BigQuery: '#c38d9e',
  Scheduler: '#e8a87c',
  'Keys and secrets': '#8d5524',
  Watching: '#41b3a3',
  Images: '#b5b5b5',
  'Billed function-seconds': '#1b4965',
};

const WIDTH = 900;
const LEFT = 290;
const BAR_WIDTH = 480;
const ROW = 34;
const FONT = 'font-family="system-ui, sans-serif" font-size="14"';

export function pictureOf(charts: readonly Chart[]): string {
  let top = 0;
  const drawn = charts.map((chart) => {
    const group = `<g transform="translate(0 ${top})">\n${drawChart(chart)}\n</g>`;
    top += heightOf(chart);
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" ${FONT}>`,
    `<title>${charts.map(({ title }) => title).join('; ')}</title>`,
    `<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

const servicesOf = ({ bars }: Chart): readonly string[] => [
  ...new Set(bars.flatMap(({ parts }) => parts.map(({ service }) => service))),
];
const LEGEND_COLUMNS = 4;
const legendRows = (chart: Chart): number =>
  servicesOf(chart).length > 1 ? Math.ceil(servicesOf(chart).length / LEGEND_COLUMNS) : 0;
const heightOf = (chart: Chart): number => 60 + chart.bars.length * ROW + legendRows(chart) * 24 + 16;

function drawChart(chart: Chart): string {
  const sums = chart.bars.map(({ parts }) => parts.reduce((sum, { amount }) => sum + amount, 0));
  const perUnit = BAR_WIDTH / Math.max(...sums);
  return [
    `<text x="20" y="32" font-weight="600">${chart.title}</text>`,
    ...chart.bars.map((bar, index) => drawBar(bar, 50 + index * ROW, perUnit)),
    ...(legendRows(chart) > 0 ? servicesOf(chart).map((service, at) => drawKey(chart, service, at)) : []),
  ].join('\n');
}

function drawBar({ label, total, parts }: Bar, y: number, perUnit: number): string {
  let x = LEFT;
  const boxes = parts.map(({ service, amount }) => {
    const width = amount * perUnit;
    const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="22" fill="${colourOf(service)}"><title>${service}</title></rect>`;
    x += width;
    return box;
  });
  return [
    `<text x="${LEFT - 10}" y="${y + 16}" text-anchor="end">${label}</text>`,
    ...boxes,
    `<text x="${(x + 8).toFixed(1)}" y="${y + 16}">${total}</text>`,
  ].join('\n');
}

function drawKey(chart: Chart, service: string, at: number): string {
  const x = 20 + (at % LEGEND_COLUMNS) * 210;
  const y = 62 + chart.bars.length * ROW + Math.floor(at / LEGEND_COLUMNS) * 24;
  return `<rect x="${x}" y="${y}" width="14" height="14" fill="${colourOf(service)}"/><text x="${x + 20}" y="${y + 12}">${service}</text>`;
}

const colourOf = (service: string): string => COLOURS[service as Service] ?? '#000000';
