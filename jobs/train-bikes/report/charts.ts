// The charts of a training run: what was counted and what was predicted, out of time.
import type { LineSeriesOption } from 'echarts';
import type { Hour } from '../../../models/bikes/observations.ts';
import { localTimeOf } from '../../../models/bikes/paris.ts';
import { bottomAxis, GRID, leftAxis } from '../../../shared/report/axes.ts';
import { figure, INK, smallFigure, type Draw } from '../../../shared/report/figure.ts';
import type { Html } from '../../../shared/report/html.ts';
import type { Key } from '../../../shared/report/legend.ts';
import { grouped, logRmseOf, meanActual, meanPredicted, type Evidence, type Group } from '../evidence.ts';
import { calibrationOf } from '../training/metrics.ts';
import { dayText, decimal, whole } from './numbers.ts';

const HOURS = 24;
const SATURDAY = 5;
const KEYS: readonly Key[] = [
  { name: 'counted', shape: 'actual' },
  { name: 'predicted', shape: 'model' },
];

const isWeekend = (hour: Hour): boolean => localTimeOf(hour).weekday >= SATURDAY;

/** The mean day of all counters, of working days or of weekends. */
export function meanDay(evidence: Evidence, kind: 'working days' | 'weekends'): Html {
  const wanted = kind === 'weekends';
  const groups = grouped(evidence, HOURS, (_, hour) =>
    isWeekend(hour) === wanted ? localTimeOf(hour).hour : -1,
  );
  const words = {
    title: `The mean hour of ${kind}`,
    keys: KEYS,
    caption: 'all counters, in local time; public holidays count as what day of the week they are.',
  };
  return figure(
    `day-${kind.replace(' ', '-')}`,
    words,
    'half',
    pairs('hour of the day', hourNames(), groups),
  );
}

/** Bicycles a day of all counters, day by day. */
export function dailyTotals(evidence: Evidence): Html {
  const days = [...new Set(Array.from(evidence.hour, (hour) => localTimeOf(hour).day))].sort((a, b) => a - b);
  const indexOf = new Map(days.map((day, index) => [day, index]));
  const groups = grouped(evidence, days.length, (_, hour) => indexOf.get(localTimeOf(hour).day) ?? -1);
  const series = lines([
    [INK.actual, groups.map(({ actual }) => actual)],
    [INK.model, groups.map(({ predicted }) => predicted)],
  ]);
  const words = {
    title: 'Bicycles a day',
    keys: KEYS,
    caption: 'all counters together; each day was predicted by models that had seen nothing of its month.',
  };
  return figure('daily', words, 'full', ({ width }) => ({
    grid: GRID,
    xAxis: {
      ...bottomAxis('', days.map(dayText)),
      axisLabel: { color: INK.text, interval: Math.ceil((days.length * 60) / width) - 1 },
    },
    yAxis: leftAxis('bicycles a day', whole),
    series,
  }));
}

/** The error by hour of the day: nights are few bicycles, and large errors in the logarithm. */
export function errorByHour(evidence: Evidence): Html {
  const groups = grouped(evidence, HOURS, (_, hour) => localTimeOf(hour).hour);
  const words = {
    title: 'Error by hour of the day',
    keys: [{ name: 'log RMSE', shape: 'model' as const }],
    caption: 'a log RMSE of 0.4 is an error of about 40 % of the count.',
  };
  return figure('error-by-hour', words, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis('hour of the day', hourNames()),
    yAxis: leftAxis('log RMSE', (value) => decimal(value, 1)),
    series: [{ type: 'bar', color: INK.model, silent: true, data: groups.map(logRmseOf) }],
  }));
}

/** Of the hours that were called `forte` with a probability, as many should have been. */
export function calibration({ actual, predicted }: Evidence): Html {
  const tenths = calibrationOf(actual, predicted);
  const series = lines([
    [INK.actual, tenths.map(({ observed }) => observed)],
    [INK.model, tenths.map((tenth) => tenth.predicted)],
  ]);
  const words = {
    title: 'Are the probabilities right?',
    keys: [
      { name: 'share of hours that were forte', shape: 'actual' as const },
      { name: 'mean probability', shape: 'model' as const },
    ],
    caption:
      'by tenths of the predicted probability: where the lines meet, a probability means what it says.',
  };
  const names = tenths.map(({ from }) => `${whole(from * 100)}–${whole(from * 100 + 10)} %`);
  return figure('calibration', words, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis('predicted probability', names),
    yAxis: { ...leftAxis('share', (value) => `${whole(value * 100)} %`), max: 1, interval: 0.2 },
    series,
  }));
}

/** The mean hour of one counter, over all days. */
export function counterChart(evidence: Evidence, counter: number, name: string): Html {
  const groups = grouped(evidence, HOURS, (of, hour) => (of === counter ? localTimeOf(hour).hour : -1));
  const words = { title: name, keys: [], caption: 'mean hour, all days.' };
  return smallFigure(`counter-${counter}`, words, pairs('', hourNames(), groups));
}

const pairs =
  (name: string, names: readonly string[], groups: readonly Group[]): Draw =>
  () => ({
    grid: GRID,
    xAxis: bottomAxis(name, names),
    yAxis: leftAxis('bicycles', whole),
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
export { KEYS as COUNTED_AND_PREDICTED };
