// Axes that all charts share: quiet lines, and a name with its unit.
import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { INK } from './figure.ts';

/** Room beside the labels for a font that is wider than assumed. */
export const GRID: EChartsOption['grid'] = {
  left: 10,
  right: 14,
  top: 6,
  bottom: 4,
  outerBoundsMode: 'same',
};

export const quiet = {
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

/** From 0 upwards; `name` says of what, and in which unit. */
export const leftAxis = (name: string, formatter: (value: number) => string): YAXisComponentOption => ({
  ...quiet,
  type: 'value',
  min: 0,
  splitNumber: 4,
  name,
  nameLocation: 'end',
  // A label of the chart may stand between.
  nameGap: 26,
  nameTextStyle: { color: INK.text, align: 'left' },
  axisLabel: { ...quiet.axisLabel, formatter },
});
