// Variables that follow from others: relative humidity from the dew point, and the extremes of days from their hours.
import type { Series } from '../../raster/grid.ts';

const ZERO_CELSIUS = 273.15;
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

/** The maximum or minimum of the hours of each day in UTC, at its midnight; NaN where an hour has no value. */
export function dailyExtremes(hourly: Series, name: 'tx' | 'tn'): Series {
  const { grid, hours, units } = hourly;
  const cells = grid.columns * grid.rows;
  const days = [...new Set(hours.map((time) => Math.floor(time / DAY_MS) * DAY_MS))];
  const values = new Float32Array(days.length * cells).fill(name === 'tx' ? -Infinity : Infinity);
  const extreme = name === 'tx' ? Math.max : Math.min;
  hours.forEach((time, at) => {
    const start = days.indexOf(Math.floor(time / DAY_MS) * DAY_MS) * cells;
    for (let cell = 0; cell < cells; cell++)
      values[start + cell] = extreme(values[start + cell]!, hourly.values[at * cells + cell]!);
  });
  return { grid, hours: days, values, units, name };
}
