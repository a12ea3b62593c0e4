// Axes that all charts share: quiet lines, and a name with its unit.
import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { INK } from './figure.ts';
import { month } from './words.ts';

export const GRID: EChartsOption['grid'] = {
  left: 8,
  right: 12,
  top: 52,
  bottom: 6,
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

/** Days along the bottom, of which the first of each month is named. */
export function dayAxis(name: string, isoDates: readonly string[]): XAXisComponentOption {
  const isNamed = (index: number) => isoDates[index]?.endsWith('-01') ?? false;
  return {
    ...bottomAxis(name, isoDates),
    boundaryGap: false,
    axisTick: { ...quiet.axisTick, interval: isNamed },
    axisLabel: { ...quiet.axisLabel, interval: isNamed, formatter: month },
  } as XAXisComponentOption;
}

/** Visitors, in thousands where they are many. */
export function visitorsAxis(largest: number): YAXisComponentOption {
  const [unit, name] = largest >= 20_000 ? [1000, 'thousand visitors a day'] : [1, 'visitors a day'];
  return leftAxis(name, (value) => String(value / unit));
}

export const percentAxis = (name: string): YAXisComponentOption =>
  leftAxis(`${name}, %`, (value) => String(Math.round(value * 1000) / 10));

const leftAxis = (name: string, formatter: (value: number) => string): YAXisComponentOption => ({
  ...quiet,
  type: 'value',
  min: 0,
  splitNumber: 4,
  name,
  nameLocation: 'end',
  nameTextStyle: { color: INK.text, align: 'left' },
  axisLabel: { ...quiet.axisLabel, formatter },
});
