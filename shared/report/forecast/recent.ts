// The last eight weeks day by day, actual against predicted with the band, and the weeks to come.
import type { LineSeriesOption } from 'echarts';
import { GRID } from '../axes.ts';
import { INK, type Draw } from '../figure.ts';
import type { Key } from '../legend.ts';
import { largestOf, mondayAxis, topOf, visitorsAxis } from './axes.ts';
import { bridged, nearlyClosed } from './closures.ts';
import type { DailySeries } from './days.ts';
import type { ChartLanguage } from './words.ts';

const BAND_OPACITY = 0.25;

export const recentKeys = ({ chart }: ChartLanguage): readonly Key[] => [
  { name: chart.actual, shape: 'actual' },
  { name: chart.predicted, shape: 'model' },
  { name: chart.band, shape: 'band' },
];

/** Of a chart that has room for last year. */
export const recentKeysWithLastYear = (m: ChartLanguage): readonly Key[] => [
  ...recentKeys(m),
  { name: m.chart.lastYear, shape: 'lastYear' },
];

/** A chart of the page's width, which has room for last year and for the name of the last day. */
export const recentAtFull =
  (m: ChartLanguage, days: DailySeries): Draw =>
  (size) => ({
    grid: GRID,
    xAxis: mondayAxis(m, days.isoDates, size),
    yAxis: { ...visitorsAxis(m, largestOf(days.upper)), ...topOf(days) },
    series: [lastYearOf(days), ...seriesOf(days, m.chart.lastActual(days.lastActual))],
  });

/** The chart of a site among many: their legend is above them all. */
export const recentOfSite =
  (m: ChartLanguage, days: DailySeries): Draw =>
  (size) => ({
    grid: { ...GRID, top: 8 },
    xAxis: mondayAxis(m, days.isoDates, size),
    yAxis: { ...visitorsAxis(m, 0), name: '', splitNumber: 3, ...topOf(days) },
    series: seriesOf(days, ''),
  });

/** Behind the others; each day stands under the same weekday of the year before. */
const lastYearOf = (days: DailySeries): LineSeriesOption => ({
  type: 'line',
  showSymbol: false,
  silent: true,
  clip: true,
  color: INK.lastWeek,
  lineStyle: { width: 1.25, type: 'dashed' },
  data: bridged(days.lastYear, nearlyClosed(days.lastYear, days.lastYear)),
});

function seriesOf(days: DailySeries, lastActual: string): LineSeriesOption[] {
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
