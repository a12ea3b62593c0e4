// Axes that all charts share: quiet lines, and a name with its unit.
import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { dayOf, weekdayOf } from '../series/panel.ts';
import { INK, type Size } from './figure.ts';
import type { Messages } from './language/english.ts';

const THOUSANDS_FROM = 20_000;
/** A label along the bottom has at least so much room, in pixels. */
const LABEL_ROOM = 50;

/** Room beside the labels for a font that is wider than assumed. */
export const GRID: EChartsOption['grid'] = {
  left: 10,
  right: 14,
  top: 6,
  bottom: 4,
  outerBoundsMode: 'same',
};

const quiet = {
  nameTextStyle: { color: INK.text },
  axisLabel: { color: INK.text },
  axisLine: { lineStyle: { color: INK.grid } },
  axisTick: { lineStyle: { color: INK.grid } },
  splitLine: { lineStyle: { color: INK.grid } },
} as const;

/** Few names along the bottom; `name` says of what. */
export const bottomAxis = (name: string, data: readonly string[]): XAXisComponentOption => ({
  ...quiet,
  type: 'category',
  name,
  nameLocation: 'middle',
  nameGap: 28,
  data: [...data],
  splitLine: { show: false },
});

/** Days along the bottom; every month is named, or every second, as the room allows. */
export function monthAxis(m: Messages, isoDates: readonly string[], { width }: Size): XAXisComponentOption {
  const months = isoDates.filter((iso) => iso.endsWith('-01'));
  const step = Math.ceil((months.length * LABEL_ROOM) / width);
  const named = new Set(months.filter((iso) => (Number(iso.slice(5, 7)) - 1) % step === 0));
  return dayAxis(isoDates, named, (iso) => m.format.monthOrYear(iso));
}

/** Days along the bottom; Mondays are named, as many as there is room for, counted back from the last. */
export function mondayAxis(m: Messages, isoDates: readonly string[], { width }: Size): XAXisComponentOption {
  const mondays = isoDates.filter((iso) => weekdayOf(dayOf(iso)) === 0).toReversed();
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
export function visitorsAxis({ chart, format }: Messages, largest: number): YAXisComponentOption {
  const [unit, name] = largest >= THOUSANDS_FROM ? [1000, chart.thousandVisitors] : [1, chart.visitors];
  return leftAxis(name, (value) => format.whole(value / unit));
}

export const percentAxis = ({ format }: Messages, name: string): YAXisComponentOption =>
  leftAxis(name, (value) => format.whole(value * 100));

const leftAxis = (name: string, formatter: (value: number) => string): YAXisComponentOption => ({
  ...quiet,
  type: 'value',
  min: 0,
  splitNumber: 4,
  name,
  nameLocation: 'end',
  // The name of the last actual's line stands between.
  nameGap: 26,
  nameTextStyle: { color: INK.text, align: 'left' },
  axisLabel: { ...quiet.axisLabel, formatter },
});
