// Where the error is: by week of the year, by weekday, by how far ahead; and how often the band held.
import type { CoverageProof } from '../intervals/coverage.ts';
import type { Compared, Proof } from '../proof/proof.ts';
import { bottomAxis, GRID, percentAxis } from './axes.ts';
import { legendOf } from './course.ts';
import { figure, INK } from './figure.ts';
import type { Html } from './html.ts';
import { shortDay } from './words.ts';

const HALF = { width: 540, height: 300 };

const RIVALS = [
  ['forecast', 'model', INK.model],
  ['same weekday of last week', 'naiveLastWeek', INK.lastWeek],
  ['mean of the last four', 'naiveMeanOfFour', INK.meanOfFour],
] as const;

export const errorByWeek = ({ weeks }: Proof): Html =>
  figure(
    'by-week',
    {
      title: 'Error by week',
      caption: 'Each week forecast from the Sunday before it, by the Monday that it begins with.',
    },
    HALF,
    {
      grid: GRID,
      legend: legendOf(RIVALS.map(([name]) => name)),
      xAxis: bottomAxis(
        'week from',
        weeks.map(({ monday }) => shortDay(monday)),
      ),
      yAxis: percentAxis('WAPE'),
      series: lines(weeks),
    },
  );

export const errorByWeekday = ({ weekdays }: Proof): Html =>
  figure(
    'by-weekday',
    { title: 'Error by weekday', caption: 'One week ahead. A weekday on which nobody opens has no error.' },
    HALF,
    {
      grid: GRID,
      legend: legendOf(RIVALS.map(([name]) => name)),
      xAxis: bottomAxis(
        'weekday',
        weekdays.map(({ weekday }) => weekday.slice(0, 3)),
      ),
      yAxis: percentAxis('WAPE'),
      series: RIVALS.map(([name, key, color]) => ({
        type: 'bar',
        name,
        color,
        silent: true,
        barGap: '10%',
        data: weekdays.map((of) => of[key].wape),
      })),
    },
  );

export const errorByHorizon = ({ horizonWeeks }: Proof): Html =>
  figure(
    'by-horizon',
    {
      title: 'Error by how far ahead',
      caption:
        'Every Sunday of the year forecast all weeks that followed; the further ahead, the fewer are known.',
    },
    HALF,
    {
      grid: GRID,
      legend: legendOf(RIVALS.map(([name]) => name)),
      xAxis: bottomAxis(
        'weeks ahead',
        horizonWeeks.map(({ week }) => String(week)),
      ),
      yAxis: percentAxis('WAPE'),
      series: lines(horizonWeeks),
    },
  );

export const coverageByHorizon = ({ horizonWeeks }: CoverageProof): Html =>
  figure(
    'coverage',
    {
      title: 'How often the band held',
      caption: 'Share of open site-days below, within and above the band, which promises 10, 80 and 10 %.',
    },
    HALF,
    {
      grid: GRID,
      legend: legendOf(SIDES.map(([name]) => name)),
      xAxis: bottomAxis(
        'weeks ahead',
        horizonWeeks.map(({ week }) => String(week)),
      ),
      yAxis: { ...percentAxis('share of site-days'), max: 1 },
      series: SIDES.map(([name, key, color, opacity], index) => ({
        type: 'bar',
        name,
        color,
        itemStyle: { opacity },
        silent: true,
        stack: 'share',
        data: horizonWeeks.map((of) => of[key]),
        ...(index === 0 ? { markLine: promise() } : {}),
      })),
    },
  );

const SIDES = [
  ['below', 'below', INK.below, 0.9],
  ['within', 'within', INK.model, 0.45],
  ['above', 'above', INK.above, 0.9],
] as const;

const promise = () => ({
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: INK.text, type: 'dashed' as const, width: 1 },
  data: [{ yAxis: 0.1 }, { yAxis: 0.9 }],
});

const lines = (cut: readonly Compared[]) =>
  RIVALS.map(([name, key, color]) => ({
    type: 'line' as const,
    name,
    color,
    silent: true,
    symbol: 'circle',
    symbolSize: key === 'model' ? 5 : 3,
    lineStyle: { width: key === 'model' ? 2.5 : 1.25 },
    data: cut.map((of) => of[key].wape),
  }));
