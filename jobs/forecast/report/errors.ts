// Where the error is: by week of the year, by weekday, by how far ahead; and how often the band held.
import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import type { CoverageBacktest } from '../intervals/coverage.ts';
import { WEEKDAYS, type Compared, type Backtest } from '../backtest/backtest.ts';
import { bottomAxis, GRID } from '../../../shared/report/axes.ts';
import { percentAxis } from '../../../shared/report/forecast/axes.ts';
import { figure, INK, type Draw } from '../../../shared/report/figure.ts';
import type { Html } from '../../../shared/page/html.ts';
import { errorsByWeek, weekKeys } from '../../../shared/report/forecast/weeks.ts';
import type { Published } from '../output/published.ts';
import type { Messages } from './language/english.ts';
import type { Key } from '../../../shared/report/legend.ts';

const RIVALS = [
  ['model', 'model', INK.model],
  ['lastWeek', 'naiveLastWeek', INK.lastWeek],
  ['meanOfFour', 'naiveMeanOfFour', INK.meanOfFour],
] as const;

const rivalKeys = ({ chart }: Messages): readonly Key[] =>
  RIVALS.map(([name]) => ({ name: chart[name], shape: name }));

export function errorByWeek(m: Messages, { index: { weeks } }: Published): Html {
  const words = { title: m.chart.byWeek, keys: weekKeys(m, weeks), caption: m.chart.byWeekCaption };
  return figure('by-week', words, 'half', errorsByWeek(m, weeks));
}

export function errorByWeekday(m: Messages, { weekdays }: Backtest): Html {
  const words = { title: m.chart.byWeekday, keys: rivalKeys(m), caption: m.chart.byWeekdayCaption };
  const indexOf = (weekday: string) => WEEKDAYS.findIndex((name) => name === weekday);
  const names = weekdays.map(({ weekday }) => m.format.weekday(indexOf(weekday)));
  return figure('by-weekday', words, 'half', errorsBy(m, m.chart.weekday, names, bars(weekdays)));
}

export function errorByHorizon(m: Messages, { horizonWeeks }: Backtest): Html {
  const words = { title: m.chart.byHorizon, keys: rivalKeys(m), caption: m.chart.byHorizonCaption };
  const names = horizonWeeks.map(({ week }) => String(week));
  return figure('by-horizon', words, 'half', errorsBy(m, m.chart.weeksAhead, names, lines(horizonWeeks)));
}

const errorsBy =
  (
    m: Messages,
    name: string,
    names: readonly string[],
    series: LineSeriesOption[] | BarSeriesOption[],
  ): Draw =>
  () => ({
    grid: GRID,
    xAxis: bottomAxis(name, names),
    yAxis: percentAxis(m, m.chart.wape),
    series,
  });

const lines = (cut: readonly Compared[]): LineSeriesOption[] =>
  RIVALS.map(([, key, color]) => ({
    type: 'line',
    color,
    silent: true,
    symbol: 'circle',
    symbolSize: key === 'model' ? 5 : 3,
    lineStyle: { width: key === 'model' ? 2.5 : 1.25 },
    data: cut.map((of) => of[key].wape),
  }));

const bars = (cut: readonly Compared[]): BarSeriesOption[] =>
  RIVALS.map(([, key, color]) => ({
    type: 'bar',
    color,
    silent: true,
    barGap: '10%',
    data: cut.map((of) => of[key].wape),
  }));

const SIDES = [
  ['below', INK.below, 0.9],
  ['within', INK.model, 0.45],
  ['above', INK.above, 0.9],
] as const;

const sideKeys = ({ chart }: Messages): readonly Key[] =>
  SIDES.map(([side]) => ({ name: chart[side], shape: side === 'within' ? 'band' : side }));

export const coverageByHorizon = (m: Messages, { horizonWeeks }: CoverageBacktest): Html =>
  figure(
    'coverage',
    { title: m.chart.coverage, keys: sideKeys(m), caption: m.chart.coverageCaption },
    'half',
    () => ({
      grid: GRID,
      xAxis: bottomAxis(
        m.chart.weeksAhead,
        horizonWeeks.map(({ week }) => String(week)),
      ),
      yAxis: { ...percentAxis(m, m.chart.shareOfDays), max: 1, interval: 0.2 },
      series: SIDES.map(([side, color, opacity], index) => ({
        type: 'bar',
        color,
        itemStyle: { opacity },
        silent: true,
        stack: 'share',
        data: horizonWeeks.map((of) => of[side]),
        ...(index === 0 ? { markLine: nominal() } : {}),
      })),
    }),
  );

const nominal = () => ({
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: INK.text, type: 'dashed' as const, width: 1 },
  data: [{ yAxis: 0.1 }, { yAxis: 0.9 }],
});
