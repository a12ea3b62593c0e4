// The last eight weeks day by day, actual against predicted with the band, and the weeks to come.
import type { LineSeriesOption } from 'echarts';
import { RECENT_DAYS, type Foreseen } from '../backtest/evidence.ts';
import { isoDateOf, visitsOn, type Day, type Panel } from '../series/panel.ts';
import { GRID } from '../../../shared/report/axes.ts';
import { mondayAxis, visitorsAxis } from './axes.ts';
import { bridged, nearlyClosed } from './closures.ts';
import { INK, type Draw } from '../../../shared/report/figure.ts';
import type { Messages } from './language/english.ts';
import type { Key } from '../../../shared/report/legend.ts';

const COMING_DAYS = 28;
const BAND_OPACITY = 0.25;
/** An actual so far above all else would press the rest flat: it leaves the chart at its top. */
const HIGHEST_RATIO = 1.5;

export interface RecentDays {
  readonly isoDates: readonly string[];
  /** NaN before the first forecast. */
  readonly predicted: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** NaN on days to come, and where the site did not report. */
  readonly actual: readonly number[];
  readonly lastActual: string;
}

/** `reported` holds the visitors as they were reported, outliers among them; its rows are those of `foreseen`. */
export function recentDays(reported: Panel, foreseen: Foreseen, site: number): RecentDays {
  const { panel, from, predictions, band } = foreseen;
  const width = predictions.length / panel.sites.length;
  const first = Math.max(panel.firstDay, panel.lastDay - RECENT_DAYS + 1);
  const last = Math.min(panel.lastDay + COMING_DAYS, from + width - 1);
  const row = <Of>(of: (day: Day) => Of): Of[] =>
    Array.from({ length: last - first + 1 }, (_, index) => of(first + index));
  const foreseenOf = (values: Int32Array) =>
    row((day) => (day < from ? Number.NaN : (values[site * width + day - from] ?? 0)));
  return {
    isoDates: row(isoDateOf),
    predicted: foreseenOf(predictions),
    lower: foreseenOf(band.lower),
    upper: foreseenOf(band.upper),
    actual: row((day) => visitsOn(reported, site, day)),
    lastActual: isoDateOf(panel.lastDay),
  };
}

export const recentKeys = ({ chart }: Messages): readonly Key[] => [
  { name: chart.actual, shape: 'actual' },
  { name: chart.predicted, shape: 'model' },
  { name: chart.band, shape: 'band' },
];

/** The chart of all sites, which has room for the name of the last day. */
export const recentOfAll =
  (m: Messages, days: RecentDays): Draw =>
  (size) => ({
    grid: GRID,
    xAxis: mondayAxis(m, days.isoDates, size),
    yAxis: { ...visitorsAxis(m, largestOf(days.upper)), ...topOf(days) },
    series: seriesOf(days, m.chart.lastActual(days.lastActual)),
  });

/** The chart of a site among many: their legend is above them all. */
export const recentOfSite =
  (m: Messages, days: RecentDays): Draw =>
  (size) => ({
    grid: { ...GRID, top: 8 },
    xAxis: mondayAxis(m, days.isoDates, size),
    yAxis: { ...visitorsAxis(m, 0), name: '', splitNumber: 3, ...topOf(days) },
    series: seriesOf(days, ''),
  });

function seriesOf(days: RecentDays, lastActual: string): LineSeriesOption[] {
  const isClosed = nearlyClosed(days.predicted, days.actual);
  const shown = (values: readonly number[]) => bridged(values, isClosed);
  const height = days.upper.map((upper, index) => upper - (days.lower[index] ?? 0));
  const line = { type: 'line', showSymbol: false, silent: true, clip: false } as const;
  const bandEdge = { ...line, stack: 'band', lineStyle: { width: 0 }, itemStyle: { color: INK.model } };
  return [
    { ...bandEdge, data: shown(days.lower) },
    {
      ...bandEdge,
      data: shown(height),
      areaStyle: { color: INK.model, opacity: BAND_OPACITY },
    },
    { ...line, data: shown(days.predicted), color: INK.model, lineStyle: { width: 1.5 } },
    {
      ...line,
      clip: true,
      data: shown(days.actual),
      color: INK.actual,
      lineStyle: { width: 1.25 },
      markLine: lastActualLine(days.lastActual, lastActual),
    },
  ];
}

const lastActualLine = (iso: string, label: string): LineSeriesOption['markLine'] => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: INK.text, type: 'dashed', width: 1 },
  label: label === '' ? { show: false } : { formatter: label, color: INK.text, position: 'end', rotate: 0 },
  data: [{ xAxis: iso }],
});

const largestOf = (values: readonly number[]): number =>
  Math.max(0, ...values.filter((value) => !Number.isNaN(value)));

/** Nothing where the axis may follow all values. */
function topOf({ upper, actual }: RecentDays): { readonly max?: number } {
  const highest = HIGHEST_RATIO * largestOf(upper);
  if (highest === 0 || largestOf(actual) <= highest) return {};
  const step = 10 ** Math.floor(Math.log10(highest));
  return { max: Math.ceil(highest / step) * step };
}
