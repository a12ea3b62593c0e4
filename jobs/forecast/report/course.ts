// Actual against predicted, day by day, with the band and the days to come.
import type { LineSeriesOption } from 'echarts';
import type { Foreseen } from '../proof/evidence.ts';
import { isoDateOf, visitsOn, type Day } from '../series/panel.ts';
import { dayAxis, GRID, visitorsAxis } from './axes.ts';
import { figure, INK, type FigureWords } from './figure.ts';
import type { Html } from './html.ts';
import { shortDay } from './words.ts';

/** A day with less than so much of the usual is one on which nearly everything is closed. */
const NEARLY_CLOSED = 0.15;
/** Longer closures are shown as what they are. */
const LONGEST_BRIDGE_DAYS = 3;
const BAND = '10 % to 90 %';
const BAND_OPACITY = 0.25;

/** `site` is a row of what was foreseen; `from` the day of its first column. */
export function course(
  id: string,
  words: FigureWords,
  size: { readonly width: number; readonly height: number },
  { panel, predictions, band }: Foreseen,
  site: number,
  from: Day,
): Html {
  const width = predictions.length / panel.sites.length;
  const row = <Of>(of: (at: number, day: Day) => Of): Of[] =>
    Array.from({ length: width }, (_, index) => of(site * width + index, from + index));
  const predicted = row((at) => predictions[at] ?? 0);
  const actual = row((_, day) => visitsOn(panel, site, day));
  const isClosed = nearlyClosed(predicted, actual);
  const shown = (values: readonly number[]) => bridged(values, isClosed);
  const lower = row((at) => band.lower[at] ?? 0);
  const height = row((at) => (band.upper[at] ?? 0) - (band.lower[at] ?? 0));
  const today = isoDateOf(panel.lastDay);
  const line = { type: 'line', showSymbol: false, silent: true } as const;
  const bandEdge = { ...line, stack: 'band', lineStyle: { width: 0 }, itemStyle: { color: INK.model } };
  return figure(id, words, size, {
    grid: GRID,
    xAxis: dayAxis(
      `day of ${isoDateOf(from).slice(0, 4)}`,
      row((_, day) => isoDateOf(day)),
    ),
    yAxis: visitorsAxis(Math.max(...predicted, 0)),
    legend: legendOf(['actual', 'predicted', BAND]),
    series: [
      { ...bandEdge, name: 'lower', data: shown(lower) },
      {
        ...bandEdge,
        name: BAND,
        data: shown(height),
        areaStyle: { color: INK.model, opacity: BAND_OPACITY },
      },
      { ...line, name: 'predicted', data: shown(predicted), color: INK.model, lineStyle: { width: 1.5 } },
      {
        ...line,
        name: 'actual',
        data: shown(actual),
        color: INK.actual,
        lineStyle: { width: 1.25 },
        markLine: lastActualLine(today),
      },
    ],
  });
}

export const legendOf = (data: readonly string[]) => ({
  top: 0,
  left: 0,
  icon: 'roundRect',
  itemWidth: 14,
  itemHeight: 5,
  itemGap: 26,
  textStyle: { color: INK.text },
  data: data.map((name) => (name === BAND ? { name, itemStyle: { opacity: BAND_OPACITY } } : { name })),
});

const lastActualLine = (iso: string): LineSeriesOption['markLine'] => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: INK.text, type: 'dashed', width: 1 },
  label: { formatter: `last actual ${shortDay(iso)}`, color: INK.text, position: 'end', rotate: 0 },
  data: [{ xAxis: iso }],
});

function nearlyClosed(predicted: readonly number[], actual: readonly number[]): readonly boolean[] {
  const open = predicted.filter((value) => value > 0).toSorted((one, other) => one - other);
  const usual = open[open.length >> 1] ?? 0;
  return predicted.map((value, index) => {
    const came = actual[index] ?? Number.NaN;
    return Math.max(value, Number.isNaN(came) ? 0 : came) < NEARLY_CLOSED * usual;
  });
}

/** Lines that fall to nothing every Sunday hide what they should show: they go straight on instead. */
function bridged(values: readonly number[], isClosed: readonly boolean[]): (number | null)[] {
  return values.map((value, index) => {
    if (Number.isNaN(value)) return null;
    if (isClosed[index] !== true) return value;
    const before = isClosed.lastIndexOf(false, index);
    const after = isClosed.indexOf(false, index);
    const [start, end] = [values[before] ?? Number.NaN, values[after] ?? Number.NaN];
    const length = (after === -1 ? isClosed.length : after) - before - 1;
    if (length > LONGEST_BRIDGE_DAYS) return value;
    if (Number.isNaN(start) || Number.isNaN(end)) return null;
    return start + ((end - start) * (index - before)) / (after - before);
  });
}
