// Charts and maps of the document, drawn as lines and pictures into boxes of a sheet.
import { paletteOf, type Colour } from '../../formats/png/colours.ts';
import type { Format } from '../language/format.ts';
import { legendLabels } from '../legend-labels.ts';
import type { ReportMap } from '../maps.ts';
import { INKS, type Box, type Sheet } from './sheet.ts';

export interface Line {
  readonly ink: string;
  readonly width: number;
  readonly values: readonly (number | null)[];
}

export interface LineChart {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly isFromZero: boolean;
  readonly shown: (value: number) => string;
  /** Labels below, each at an index of the values. */
  readonly labels: readonly { readonly at: number; readonly text: string }[];
}

const [TITLE, BELOW, LEFT] = [18, 17, 30];
const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
const MOST_LINES = 5;

export function lineChart(
  sheet: Sheet,
  box: Box,
  { title, lines, isFromZero, shown, labels }: LineChart,
): void {
  sheet.label(title, box, { size: 9, bold: true, ink: INKS.strong });
  const area = {
    x: box.x + LEFT,
    y: box.y + TITLE,
    width: box.width - LEFT,
    height: box.height - TITLE - BELOW,
  };
  const known = lines.flatMap(({ values }) =>
    values.filter((value) => value !== null && !Number.isNaN(value)),
  );
  if (known.length === 0) return;
  const most = Math.max(...(known as number[]));
  const least = isFromZero ? 0 : Math.min(...(known as number[]));
  const step = STEPS.find((each) => (most - least) / each <= MOST_LINES) ?? 100;
  const [low, high] = [
    Math.floor(least / step) * step,
    Math.max(Math.ceil(most / step) * step, least + step),
  ];
  const yOf = (value: number) => area.y + area.height * (1 - (value - low) / (high - low));
  const count = Math.max(2, ...lines.map(({ values }) => values.length));
  const xOf = (at: number) => area.x + (area.width * at) / (count - 1);
  const { document } = sheet;
  for (let value = low; value <= high + step / 2; value += step) {
    document.moveTo(area.x, yOf(value)).lineTo(area.x + area.width, yOf(value));
    document.lineWidth(0.5).strokeColor(INKS.grid).stroke();
    sheet.label(shown(value), { x: box.x, y: yOf(value) - 4, width: LEFT - 4 }, { align: 'right' });
  }
  for (const line of lines) drawLine(sheet, line, xOf, yOf);
  for (const { at, text } of labels)
    sheet.label(text, { x: xOf(at) - 20, y: area.y + area.height + 3, width: 60 });
}

/** A gap where there is no value. */
function drawLine(
  { document }: Sheet,
  { ink, width, values }: Line,
  xOf: (at: number) => number,
  yOf: (value: number) => number,
): void {
  let isDrawing = false;
  values.forEach((value, at) => {
    if (value === null || Number.isNaN(value)) isDrawing = false;
    else if (isDrawing) document.lineTo(xOf(at), yOf(value));
    else {
      document.moveTo(xOf(at), yOf(value));
      isDrawing = true;
    }
  });
  document.lineWidth(width).strokeColor(ink).stroke();
}

export interface BarChart {
  readonly title: string;
  readonly bars: readonly { readonly label: string; readonly height: number; readonly ink: string }[];
}

const MOST_BAR_LABELS = 8;

export function barChart(sheet: Sheet, box: Box, { title, bars }: BarChart): void {
  const { document } = sheet;
  sheet.label(title, box, { size: 9, bold: true, ink: INKS.strong });
  const area = { x: box.x, y: box.y + TITLE, width: box.width, height: box.height - TITLE - BELOW };
  const most = Math.max(...bars.map(({ height }) => height));
  if (!(most > 0)) return;
  const width = area.width / bars.length;
  const every = Math.ceil(bars.length / MOST_BAR_LABELS);
  bars.forEach(({ label, height, ink }, at) => {
    const tall = (area.height * height) / most;
    document.rect(area.x + at * width, area.y + area.height - tall, width * 0.9, tall).fill(ink);
    const below = { x: area.x + at * width, y: area.y + area.height + 3, width: width * every };
    if (at % every === 0) sheet.label(label, below);
  });
}

const [STOPS, MAP_TITLE] = [10, 13];
const LEGEND = 28;

/** The height that a map of some width takes, with its title and legend. */
export const mapHeight = ({ columns, rows }: ReportMap, width: number): number =>
  MAP_TITLE + (width * rows) / columns + LEGEND;

const hexOf = (colour: Colour): string => `#${Buffer.from(colour).toString('hex')}`;

export function drawMap(sheet: Sheet, box: Box, map: ReportMap, title: string, format: Format): void {
  const { document } = sheet;
  sheet.label(title, box, { size: 8, bold: true, ink: INKS.strong });
  const height = (box.width * map.rows) / map.columns;
  document.image(map.png, box.x, box.y + MAP_TITLE, { width: box.width, height });
  const top = box.y + MAP_TITLE + height + 5;
  const gradient = document.linearGradient(box.x, top, box.x + box.width, top);
  paletteOf(map.scale, STOPS).forEach((colour, at) => gradient.stop(at / (STOPS - 1), hexOf(colour)));
  document.rect(box.x, top, box.width, 6).fill(gradient);
  const at = { x: box.x, y: top + 9, width: box.width };
  const aligned = ['left', 'center', 'right'] as const;
  legendLabels(format, map).forEach((label, index) => sheet.label(label, at, { align: aligned[index]! }));
}
