// Variables that follow from others: relative humidity from the dew point, and the extremes of days from their hours.
import { ZERO_CELSIUS } from '../../formats/values.ts';
import type { Series } from '../../raster/grid.ts';

/** Magnus' formula over water, as the WMO has it. */
const [MAGNUS_A, MAGNUS_B] = [17.62, 243.12];

/** In hPa; degrees Celsius. */
const saturation = (temperature: number): number =>
  6.112 * Math.exp((MAGNUS_A * temperature) / (MAGNUS_B + temperature));

/** Of two series in kelvin on one grid, at the hours that both have. In percent, 0 to 100. */
export function relativeHumidity(temperature: Series, dewPoint: Series): Series {
  const cells = temperature.grid.columns * temperature.grid.rows;
  const places = new Map(dewPoint.hours.map((time, at) => [time, at]));
  const common = temperature.hours.flatMap((time, at) => {
    const other = places.get(time);
    return other === undefined ? [] : [{ time, at, other }];
  });
  const values = new Float32Array(common.length * cells);
  common.forEach(({ at, other }, index) => {
    for (let cell = 0; cell < cells; cell++) {
      const air = temperature.values[at * cells + cell]! - ZERO_CELSIUS;
      const dew = dewPoint.values[other * cells + cell]! - ZERO_CELSIUS;
      values[index * cells + cell] = Math.min(100, (100 * saturation(dew)) / saturation(air));
    }
  });
  const { grid } = temperature;
  return { grid, hours: common.map(({ time }) => time), values, units: '%', name: 'rh' };
}

const DAY_MS = 86_400_000;

/**
 * The maximum or minimum of the hours of each day in UTC, at its midnight; NaN where an hour has no value. A day that has
 * fewer hours than the fullest one is left out: its extreme could lie in the hours it lacks.
 */
export function dailyExtremes(hourly: Series, name: 'tx' | 'tn'): Series {
  const { grid, units } = hourly;
  const cells = grid.columns * grid.rows;
  const places = hourly.hours.map((time, at) => ({ day: Math.floor(time / DAY_MS) * DAY_MS, at }));
  const days = [...Map.groupBy(places, ({ day }) => day)];
  const fullest = days.reduce((most, [, own]) => Math.max(most, own.length), 0);
  const whole = days.filter(([, own]) => own.length === fullest);
  const values = new Float32Array(whole.length * cells).fill(name === 'tx' ? -Infinity : Infinity);
  const extreme = name === 'tx' ? Math.max : Math.min;
  whole.forEach(([, own], day) => {
    for (const { at } of own)
      for (let cell = 0; cell < cells; cell++)
        values[day * cells + cell] = extreme(values[day * cells + cell]!, hourly.values[at * cells + cell]!);
  });
  return { grid, hours: whole.map(([day]) => day), values, units, name };
}
