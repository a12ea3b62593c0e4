// The charts of a training run: what was counted and what was predicted, out of time.
import type { LineSeriesOption } from 'echarts';
import type { Hour } from '../../../models/bikes/observations.ts';
import { localTimeOf } from '../../../models/bikes/paris.ts';
import { bottomAxis, GRID, leftAxis } from '../../../shared/report/axes.ts';
import { figure, INK, smallFigure, type Draw } from '../../../shared/report/figure.ts';
import type { Html } from '../../../shared/page/html.ts';
import type { Key } from '../../../shared/report/legend.ts';
import { grouped, logRmseOf, meanActual, meanPredicted, type Evidence, type Group } from '../evidence.ts';
import { calibrationOf } from '../training/metrics.ts';
import type { Messages } from './language/english.ts';

const HOURS = 24;
const SATURDAY = 5;
/** Of every chart that shows both. */
export const countedAndPredicted = ({ charts }: Messages): readonly Key[] => [
  { name: charts.counted, shape: 'actual' },
  { name: charts.predicted, shape: 'model' },
];

const isWeekend = (hour: Hour): boolean => localTimeOf(hour).weekday >= SATURDAY;

/** The mean day of all counters, of working days or of weekends. */
export function meanDay(m: Messages, evidence: Evidence, kind: 'workingDays' | 'weekends'): Html {
  const wanted = kind === 'weekends';
  const groups = grouped(evidence, HOURS, (_, hour) =>
    isWeekend(hour) === wanted ? localTimeOf(hour).hour : -1,
  );
  const words = {
    title: m.charts[kind],
    keys: countedAndPredicted(m),
    caption: m.charts.dayCaption,
  };
  return figure(`day-${kind}`, words, 'half', pairs(m, m.charts.hourOfDay, groups));
}

/** Bicycles a day of all counters, day by day. */
export function dailyTotals(m: Messages, evidence: Evidence): Html {
  const days = [...new Set(Array.from(evidence.hour, (hour) => localTimeOf(hour).day))].sort((a, b) => a - b);
  const indexOf = new Map(days.map((day, index) => [day, index]));
  const groups = grouped(evidence, days.length, (_, hour) => indexOf.get(localTimeOf(hour).day) ?? -1);
  const series = lines([
    [INK.actual, groups.map(({ actual }) => actual)],
    [INK.model, groups.map(({ predicted }) => predicted)],
  ]);
  const words = {
    title: m.charts.daily,
    keys: countedAndPredicted(m),
    caption: m.charts.dailyCaption,
  };
  return figure('daily', words, 'full', ({ width }) => ({
    grid: GRID,
    xAxis: {
      ...bottomAxis('', days.map(m.format.day)),
      axisLabel: { color: INK.text, interval: Math.ceil((days.length * 60) / width) - 1 },
    },
    yAxis: leftAxis(m.charts.bicyclesADay, m.format.whole),
    series,
  }));
}

/** The error by hour of the day: nights are few bicycles, and large errors in the logarithm. */
export function errorByHour(m: Messages, evidence: Evidence): Html {
  const groups = grouped(evidence, HOURS, (_, hour) => localTimeOf(hour).hour);
  const words = {
    title: m.charts.errorByHour,
    keys: [{ name: 'log RMSE', shape: 'model' as const }],
    caption: m.charts.errorCaption,
  };
  return figure('error-by-hour', words, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis(m.charts.hourOfDay, hourNames()),
    yAxis: leftAxis('log RMSE', (value) => m.format.decimal(value, 2)),
    series: [{ type: 'bar', color: INK.model, silent: true, data: groups.map(logRmseOf) }],
  }));
}

/** Of the hours that were called `forte` with a probability, as many should have been. */
export function calibration(m: Messages, { actual, predicted }: Evidence): Html {
  const tenths = calibrationOf(actual, predicted);
  const series = lines([
    [INK.actual, tenths.map(({ observed }) => observed)],
    [INK.model, tenths.map((tenth) => tenth.predicted)],
  ]);
  const words = {
    title: m.charts.calibration,
    keys: [
      { name: m.charts.observedShare, shape: 'actual' as const },
      { name: m.charts.meanProbability, shape: 'model' as const },
    ],
    caption: m.charts.calibrationCaption,
  };
  const { whole, percent } = m.format;
  const names = tenths.map(({ from }) => `${whole(from * 100)}–${percent(from + 0.1, 0)}`);
  return figure('calibration', words, 'full', () => ({
    grid: GRID,
    xAxis: bottomAxis(m.charts.probability, names),
    yAxis: { ...leftAxis(m.charts.share, (value) => percent(value, 0)), max: 1, interval: 0.2 },
    series,
  }));
}

/** The mean hour of one counter, over all days. */
export function counterChart(m: Messages, evidence: Evidence, counter: number, name: string): Html {
  const groups = grouped(evidence, HOURS, (of, hour) => (of === counter ? localTimeOf(hour).hour : -1));
  const words = { title: name, keys: [], caption: m.charts.counterCaption };
  return smallFigure(`counter-${counter}`, words, pairs(m, '', groups));
}

const pairs =
  (m: Messages, name: string, groups: readonly Group[]): Draw =>
  () => ({
    grid: GRID,
    xAxis: bottomAxis(name, hourNames()),
    yAxis: leftAxis(m.charts.bicycles, m.format.whole),
    series: lines([
      [INK.actual, groups.map(meanActual)],
      [INK.model, groups.map(meanPredicted)],
    ]),
  });

const lines = (data: readonly (readonly [string, readonly (number | null)[]])[]): LineSeriesOption[] =>
  data.map(([color, values]) => ({
    type: 'line',
    color,
    silent: true,
    symbol: 'none',
    lineStyle: { width: color === INK.model ? 2.5 : 1.5 },
    data: [...values],
  }));

const hourNames = (): readonly string[] => Array.from({ length: HOURS }, (_, hour) => String(hour));
