// The year of all sites: seven days at a time, so that its course can be seen, over faint single days.
import type { Foreseen } from '../backtest/evidence.ts';
import { isoDateOf, visitsOn } from '../series/panel.ts';
import { GRID } from '../../../shared/report/axes.ts';
import { monthAxis, visitorsAxis } from './axes.ts';
import { nearlyClosed } from './closures.ts';
import { INK, type Draw } from '../../../shared/report/figure.ts';
import type { Messages } from './language/english.ts';
import type { Key } from '../../../shared/report/legend.ts';

const WEEK = 7;
const DAY_OPACITY = 0.4;

/** The mean of seven days in a row, at the index of the middle one. */
export interface SevenDays {
  readonly middle: number;
  /** Undefined where no day has an actual; else both are means over the same days. */
  readonly actual: number | undefined;
  readonly predicted: number;
}

/**
 * Cut at `lastActual`, an index, in both directions, so that each holds every weekday once; what is left at both
 * ends is too short to compare. Closed days do not count, nor past days without an actual.
 *
 *     ··|1234567|1234567|1234567|1234567|··
 *                lastActual ┘
 */
export function sevenDayMeans(
  predicted: readonly number[],
  actual: readonly number[],
  lastActual: number,
): readonly SevenDays[] {
  const isClosed = nearlyClosed(predicted, actual);
  const means: SevenDays[] = [];
  for (let start = (lastActual + 1) % WEEK; start + WEEK <= predicted.length; start += WEEK) {
    const open = Array.from({ length: WEEK }, (_, index) => start + index).filter((at) => !isClosed[at]);
    const known = open.filter((at) => !Number.isNaN(actual[at] ?? Number.NaN));
    const isPast = start <= lastActual;
    const days = isPast ? known : open;
    if (days.length === 0) continue;
    const mean = (values: readonly number[]) =>
      days.reduce((sum, at) => sum + (values[at] ?? 0), 0) / days.length;
    means.push({
      middle: start + (WEEK >> 1),
      actual: isPast ? mean(actual) : undefined,
      predicted: mean(predicted),
    });
  }
  return means;
}

export const yearKeys = ({ chart }: Messages): readonly Key[] => [
  { name: chart.actualMean, shape: 'actual' },
  { name: chart.predictedMean, shape: 'model' },
  { name: chart.actualDay, shape: 'dot' },
];

export function yearOfAll(m: Messages, { panel, from, predictions }: Foreseen): Draw {
  const predicted = Array.from(predictions);
  const actual = predicted.map((_, index) => visitsOn(panel, 0, from + index));
  const isClosed = nearlyClosed(predicted, actual);
  const isoDates = predicted.map((_, index) => isoDateOf(from + index));
  const means = sevenDayMeans(predicted, actual, panel.lastDay - from);
  const at = (value: (of: SevenDays) => number | undefined) =>
    means.map((of): [number, number | null] => [of.middle, value(of) ?? null]);
  const line = { type: 'line', silent: true, symbol: 'circle', symbolSize: 4, clip: false } as const;
  return (size) => ({
    grid: GRID,
    xAxis: monthAxis(m, isoDates, size),
    yAxis: visitorsAxis(m, Math.max(0, ...means.map((of) => of.predicted))),
    series: [
      {
        type: 'scatter',
        silent: true,
        symbolSize: 3,
        color: INK.actual,
        itemStyle: { opacity: DAY_OPACITY },
        data: actual.flatMap((value, index): [number, number][] =>
          Number.isNaN(value) || isClosed[index] ? [] : [[index, value]],
        ),
      },
      { ...line, data: at((of) => of.predicted), color: INK.model, lineStyle: { width: 2 } },
      { ...line, data: at((of) => of.actual), color: INK.actual, lineStyle: { width: 1.75 } },
    ],
  });
}
