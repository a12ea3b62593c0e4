// The charts of a city's report: its hours, its mean day, its temperatures, and the error by hour of the day.
import type { LineSeriesOption, YAXisComponentOption } from 'echarts';
import { bottomAxis, GRID, leftAxis } from '../../../../shared/report/axes.ts';
import { figure, INK } from '../../../../shared/report/figure.ts';
import type { Html } from '../../../../shared/page/html.ts';
import type { Messages } from '../language/texts.ts';
import type { Reported } from '../reported.ts';

const HOURS = 24;
const DAY_MS = 86_400_000;
/** Of a label such as `12 Jul`. */
const LABEL_WIDTH = 62;

const line = (color: string, width: number, data: readonly (number | null)[]): LineSeriesOption => ({
  type: 'line',
  color,
  silent: true,
  symbol: 'none',
  lineStyle: { width },
  data: data.map((value) => (value === null || Number.isNaN(value) ? null : Number(value.toFixed(3)))),
});

/** Temperatures do not begin at 0. */
const degreesAxis = ({ charts, format }: Messages): YAXisComponentOption => ({
  ...leftAxis(charts.temperature, (value) => format.decimal(value, value % 1 === 0 ? 0 : 1)),
  min: ({ min }) => Math.floor(min),
});

export function hourlyChart(m: Messages, { hours }: Reported): Html {
  const words = {
    title: m.charts.hourly,
    keys: [
      { name: m.charts.mean, shape: 'actual' as const },
      { name: m.charts.warmest, shape: 'below' as const },
      { name: m.charts.coldest, shape: 'model' as const },
    ],
    caption: m.charts.hourlyCaption,
  };
  const days = new Set(hours.map(({ time }) => Math.floor(time / DAY_MS))).size;
  return figure('hourly', words, 'full', ({ width }) => {
    const everyDays = Math.max(1, Math.ceil((days * LABEL_WIDTH) / width));
    const firstDay = Math.floor((hours[0]?.time ?? 0) / DAY_MS);
    const isLabelled = (at: number): boolean => {
      const { time } = hours[at]!;
      const isFirst = Math.floor((hours[at - 1]?.time ?? -DAY_MS) / DAY_MS) !== Math.floor(time / DAY_MS);
      return isFirst && (Math.floor(time / DAY_MS) - firstDay) % everyDays === 0;
    };
    return {
      grid: GRID,
      xAxis: {
        ...bottomAxis(
          '',
          hours.map(({ time }) => m.format.shortDay(time)),
        ),
        axisLabel: { color: INK.text, interval: isLabelled },
        axisTick: { interval: isLabelled, lineStyle: { color: INK.grid } },
      },
      yAxis: degreesAxis(m),
      series: [
        line(
          INK.below,
          1,
          hours.map(({ most }) => most),
        ),
        line(
          INK.model,
          1,
          hours.map(({ least }) => least),
        ),
        line(
          INK.actual,
          2,
          hours.map(({ mean }) => mean),
        ),
      ],
    };
  });
}

const hourNames = (): readonly string[] => Array.from({ length: HOURS }, (_, hour) => String(hour));

export const meanDayChart = (m: Messages, { meanDay }: Reported): Html =>
  figure('mean-day', { title: m.charts.meanDay, keys: [], caption: m.charts.meanDayCaption }, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis(m.charts.hourOfDay, hourNames()),
    yAxis: degreesAxis(m),
    series: [line(INK.actual, 2.5, meanDay)],
  }));

export function histogramChart(m: Messages, { histogram, indicators }: Reported): Html {
  const { decimal, percent } = m.format;
  const width = (histogram[1]?.from ?? 1) - (histogram[0]?.from ?? 0);
  const digits = width % 1 === 0 ? 0 : 1;
  const words = { title: m.charts.histogram, keys: [], caption: m.charts.histogramCaption };
  return figure('histogram', words, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis(
      m.charts.temperature,
      histogram.map(({ from }) => decimal(from, digits)),
    ),
    yAxis: leftAxis(m.charts.share, (value) => percent(100 * value, value < 0.01 && value > 0 ? 1 : 0)),
    series: [
      {
        type: 'bar',
        silent: true,
        barCategoryGap: '8%',
        data: histogram.map(({ from, share }) => ({
          value: Number(share.toFixed(6)),
          itemStyle: { color: from >= indicators.threshold_c ? INK.below : INK.model },
        })),
      },
    ],
  }));
}

/** Undefined where no hour has an error. */
export function errorByHourChart(m: Messages, { apart }: Reported): Html | undefined {
  const of = new Map(apart.by_hour.map((each) => [each.hour, each]));
  if (apart.by_hour.every(({ rmse }) => rmse === null)) return undefined;
  const bars = (color: string, values: readonly (number | null)[]) => ({
    type: 'bar' as const,
    color,
    silent: true,
    data: values.map((value) => (value === null ? null : Number(value.toFixed(4)))),
  });
  const words = {
    title: m.charts.errorByHour,
    keys: [
      { name: m.charts.prediction, shape: 'model' as const },
      { name: m.charts.baseline, shape: 'meanOfFour' as const },
    ],
    caption: m.charts.errorByHourCaption,
  };
  const hours = Array.from({ length: HOURS }, (_, hour) => of.get(hour));
  return figure('error-by-hour', words, 'half', () => ({
    grid: GRID,
    xAxis: bottomAxis(m.charts.hourOfDay, hourNames()),
    yAxis: leftAxis(m.charts.temperature, (value) => m.format.decimal(value, 2)),
    series: [
      bars(
        INK.model,
        hours.map((hour) => hour?.rmse ?? null),
      ),
      bars(
        INK.meanOfFour,
        hours.map((hour) => hour?.baseline_rmse ?? null),
      ),
    ],
  }));
}
