// The axes of a forecast's charts: days, visitors, shares.
import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { leftAxis, quiet } from '../axes.ts';
import type { Size } from '../figure.ts';
import type { DailySeries } from './days.ts';
import type { ChartLanguage } from './words.ts';

/** An actual so far above all else would press the rest flat: it leaves the chart at its top. */
const HIGHEST_RATIO = 1.5;
const THOUSANDS_FROM = 20_000;
/** A label along the bottom has at least so much room, in pixels. */
const LABEL_ROOM = 50;

/** Days along the bottom; every month is named, or every second, as the room allows. */
export function monthAxis(
  m: ChartLanguage,
  isoDates: readonly string[],
  { width }: Size,
): XAXisComponentOption {
  const months = isoDates.filter((iso) => iso.endsWith('-01'));
  const step = Math.ceil((months.length * LABEL_ROOM) / width);
  const named = new Set(months.filter((iso) => (Number(iso.slice(5, 7)) - 1) % step === 0));
  return dayAxis(isoDates, named, (iso) => m.format.monthOrYear(iso));
}

/** Days along the bottom; Mondays are named, as many as there is room for, counted back from the last. */
export function mondayAxis(
  m: ChartLanguage,
  isoDates: readonly string[],
  { width }: Size,
): XAXisComponentOption {
  const mondays = isoDates.filter((iso) => new Date(`${iso}T00:00:00Z`).getUTCDay() === 1).toReversed();
  const step = Math.ceil((mondays.length * LABEL_ROOM) / (width - LABEL_ROOM));
  const named = new Set(mondays.filter((_, index) => index % step === 0));
  return dayAxis(isoDates, named, (iso) => m.format.shortDay(iso));
}

const dayAxis = (
  isoDates: readonly string[],
  named: ReadonlySet<string>,
  formatter: (iso: string) => string,
) => {
  const interval = (index: number) => named.has(isoDates[index] ?? '');
  return {
    ...quiet,
    type: 'category',
    data: [...isoDates],
    splitLine: { show: false },
    boundaryGap: false,
    axisTick: { ...quiet.axisTick, interval },
    axisLabel: { ...quiet.axisLabel, interval, formatter },
  } as XAXisComponentOption;
};

/** Visitors, in thousands where they are many. */
export function visitorsAxis({ chart, format }: ChartLanguage, largest: number): YAXisComponentOption {
  const [unit, name] = largest >= THOUSANDS_FROM ? [1000, chart.thousandVisitors] : [1, chart.visitors];
  return leftAxis(name, (value) => format.whole(value / unit));
}

export const percentAxis = ({ format }: Pick<ChartLanguage, 'format'>, name: string): YAXisComponentOption =>
  leftAxis(name, (value) => format.whole(value * 100));

export const largestOf = (values: readonly number[]): number =>
  Math.max(0, ...values.filter((value) => !Number.isNaN(value)));

/** Nothing where the axis may follow all values. */
export function topOf({ upper, predicted, actual }: Pick<DailySeries, 'upper' | 'predicted' | 'actual'>): {
  readonly max?: number;
} {
  const highest = HIGHEST_RATIO * largestOf([...upper, ...predicted]);
  if (highest === 0 || largestOf(actual) <= highest) return {};
  const step = 10 ** Math.floor(Math.log10(highest));
  return { max: Math.ceil(highest / step) * step };
}
