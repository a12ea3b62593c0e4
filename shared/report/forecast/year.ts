// A year: seven days at a time, so that its course can be seen, over faint single days.
import { GRID } from '../axes.ts';
import { INK, type Draw } from '../figure.ts';
import type { Key } from '../legend.ts';
import { largestOf, monthAxis, topOf, visitorsAxis } from './axes.ts';
import { nearlyClosed } from './closures.ts';
import type { DailySeries } from './days.ts';
import { meansOf } from './means.ts';
import type { ChartLanguage } from './words.ts';

const DAY_OPACITY = 0.4;

export const yearKeys = ({ chart }: ChartLanguage): readonly Key[] => [
  { name: chart.actualMean, shape: 'actual' },
  { name: chart.predictedMean, shape: 'model' },
  { name: chart.lastYearMean, shape: 'lastYear' },
  { name: chart.actualDay, shape: 'dot' },
];

export function yearOf(m: ChartLanguage, days: DailySeries): Draw {
  const { predicted, actual, isoDates } = days;
  const isClosed = nearlyClosed(predicted, actual);
  const means = meansOf(days);
  const at = (value: (of: (typeof means)[number]) => number | undefined) =>
    means.map((of): [number, number | null] => [of.middle, value(of) ?? null]);
  const top = topOf(days);
  const clip = top.max !== undefined;
  const line = { type: 'line', silent: true, symbol: 'circle', symbolSize: 4, clip } as const;
  return (size) => ({
    grid: GRID,
    xAxis: monthAxis(m, isoDates, size),
    yAxis: { ...visitorsAxis(m, largestOf(means.map((of) => of.predicted))), ...top },
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
      {
        ...line,
        symbol: 'none',
        data: at((of) => of.lastYear),
        color: INK.lastWeek,
        lineStyle: { width: 1.5, type: 'dashed' },
      },
      { ...line, data: at((of) => of.predicted), color: INK.model, lineStyle: { width: 2 } },
      { ...line, data: at((of) => of.actual), color: INK.actual, lineStyle: { width: 1.75 } },
    ],
  });
}
