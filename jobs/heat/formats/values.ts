// What the values of a series must be: not all missing, finite, and of a temperature's size in its unit.
import type { Series } from '../raster/grid.ts';
import { UnusableFile } from './unusable.ts';

/** Colder and warmer than any air or ground of the earth, with room for a model's errors. */
const TEMPERATURES: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['K', [150, 360]],
  ['°C', [-120, 90]],
]);

/** What a damaged number of hours or seconds does not give; a time beyond them may not even be a date. */
const [FIRST_TIME, LAST_TIME] = [Date.UTC(1800, 0), Date.UTC(2300, 0)];
export const TIMES_OF_WEATHER = 'a time of the years 1800 to 2299';

/** `time` is in ms since 1970. */
export const isTimeOfWeather = (time: number): boolean => time >= FIRST_TIME && time < LAST_TIME;

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly missing: number;
}

/** `least` is above `most` where every value is missing. */
export function rangeOf(values: ArrayLike<number>): Range {
  let [least, most, missing] = [Infinity, -Infinity, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value !== value) missing++;
  }
  return { least, most, missing };
}

/** Returns the series, or throws what is wrong with its values. */
export function checkedSeries(file: string, series: Series, isTemperature: boolean): Series {
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file, place: `variable ${series.name}`, found, expected });
  };
  const { least, most, missing } = rangeOf(series.values);
  if (missing === series.values.length)
    refuse(`${missing} values, all of them missing`, 'at least one value');
  if (least === -Infinity || most === Infinity) refuse('an infinite value', 'finite values');
  if (!isTemperature) return series;
  const plausible = TEMPERATURES.get(series.units);
  if (plausible === undefined) return refuse(`the unit "${series.units}"`, 'K or °C');
  const [low, high] = plausible;
  if (least >= low && most <= high) return series;
  return refuse(
    `values from ${shown(least)} to ${shown(most)}, said to be ${series.units}`,
    `${low} to ${high} ${series.units}: another unit, or damaged values`,
  );
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));

/** In kelvin. */
export const ZERO_CELSIUS = 273.15;

/** The same temperatures in kelvin. */
export function inKelvin(series: Series): Series {
  if (series.units === 'K') return series;
  if (series.units !== '°C') throw new RangeError(`"${series.units}" is no unit of temperature`);
  return { ...series, units: 'K', values: series.values.map((value) => value + ZERO_CELSIUS) };
}
