// The error of each week, one week ahead, beside those of the naive forecasts where they are known.
import type { LineSeriesOption } from 'echarts';
import { bottomAxis, GRID } from '../axes.ts';
import { INK, type Draw } from '../figure.ts';
import type { Key } from '../legend.ts';
import { percentAxis } from './axes.ts';
import type { ChartLanguage } from './words.ts';

/** Shares of the visitors; null for a week without any. */
export interface WeekErrors {
  readonly monday: string;
  readonly wape: number | null;
  readonly naiveLastWeek?: number | null;
  readonly naiveMeanOfFour?: number | null;
}

const RIVALS = [
  ['wape', 'model', INK.model, 5],
  ['naiveLastWeek', 'lastWeek', INK.lastWeek, 3],
  ['naiveMeanOfFour', 'meanOfFour', INK.meanOfFour, 3],
] as const;

/** The naive forecasts are measured over all sites only. */
const rivalsOf = (weeks: readonly WeekErrors[]) =>
  RIVALS.filter(([name]) => weeks.some((week) => week[name] !== undefined));

export const weekKeys = ({ chart }: ChartLanguage, weeks: readonly WeekErrors[]): readonly Key[] =>
  rivalsOf(weeks).map(([, shape]) => ({ name: chart[shape], shape }));

export const errorsByWeek =
  (m: ChartLanguage, weeks: readonly WeekErrors[]): Draw =>
  () => ({
    grid: GRID,
    xAxis: bottomAxis(
      m.chart.weekFrom,
      weeks.map(({ monday }) => m.format.shortDay(monday)),
    ),
    yAxis: percentAxis(m, m.chart.wape),
    series: rivalsOf(weeks).map(([name, , color, symbolSize]): LineSeriesOption => ({
      type: 'line',
      color,
      silent: true,
      symbol: 'circle',
      symbolSize,
      lineStyle: { width: name === 'wape' ? 2.5 : 1.25 },
      data: weeks.map((week) => week[name] ?? null),
    })),
  });
