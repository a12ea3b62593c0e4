// Which hours of the period a series lacks. A period without any is refused; a gap is noted.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { City } from '../../city/city.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { Series } from '../../raster/grid.ts';
import { coded } from '../../texts/coded.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_NAMED = 3;

export const boundsOfPeriod = ({ start, end }: City['period']): readonly [from: number, before: number] => [
  Date.parse(start),
  Date.parse(end) + DAY_MS,
];

/** Throws `UnusableFile` where the series has no hour of the period. */
export function hourNotes(
  file: string,
  period: City['period'],
  { hours, name, values, grid }: Series,
): readonly Coded[] {
  const [from, before] = boundsOfPeriod(period);
  const places = hours.map((time, at) => ({ time, at })).filter(({ time }) => time >= from && time < before);
  const own = places.map(({ time }) => time);
  if (own.length === 0)
    throw new UnusableFile({
      file,
      place: `variable ${name}`,
      found: `hours from ${shown(hours[0]!)} to ${shown(hours.at(-1)!)}`,
      expected: `hours from ${period.start} to ${period.end}`,
    });
  const step = stepOf(hours);
  const present = new Set(own);
  const missing: number[] = [];
  for (let time = firstFrom(own[0]!, from, step); time < before; time += step)
    if (!present.has(time)) missing.push(time);
  const cells = grid.columns * grid.rows;
  const empty = places
    .filter(({ at }) => values.subarray(at * cells, (at + 1) * cells).every(Number.isNaN))
    .map(({ time }) => time);
  const [gaps, holes] = [missing.length, empty.length];
  const all = gaps + own.length;
  return [
    ...(gaps === 0 ? [] : [coded('times-missing', { name, missing: gaps, all, times: named(missing) })]),
    ...(holes === 0
      ? []
      : [coded('times-empty', { name, empty: holes, all: own.length, times: named(empty) })]),
  ];
}

const named = (times: readonly number[]): string =>
  `${times.slice(0, MOST_NAMED).map(shown).join(', ')}${times.length > MOST_NAMED ? ', …' : ''}`;

/** The smallest distance of two times: an hour, or a day of daily values. */
const stepOf = (hours: readonly number[]): number =>
  Math.max(
    HOUR_MS,
    hours.reduce(
      (least, time, at) => (at === 0 ? least : Math.min(least, time - hours[at - 1]!)),
      hours.length > 1 ? Infinity : DAY_MS,
    ),
  );

/** The first time of the series' rhythm that is not before `from`. */
const firstFrom = (time: number, from: number, step: number): number =>
  time - Math.floor((time - from) / step) * step;

const shown = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;
