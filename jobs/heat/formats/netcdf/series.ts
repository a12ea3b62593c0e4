// Makes a series of hours on one grid from a variable of an open NetCDF file, of version 3 or 4.
import { axesOf } from '../../raster/axes.ts';
import type { Series } from '../../raster/grid.ts';
import type { SeriesRequest } from '../grib/read-grib.ts';
import { boundLayer, boundTimes, boundValues, LIMITS } from '../limits.ts';
import { listed, quoted, UnusableFile } from '../unusable.ts';
import { checkedSeries, isTimeOfWeather, TIMES_OF_WEATHER } from '../values.ts';
import { unitsOf, variableOf } from '../variables.ts';
import { dimensionsOf, type Dimensions } from './dimensions.ts';
import { valuesOf, type NetCdf, type NetCdfVariable } from './netcdf.ts';
import { readHours } from './stored-values.ts';
import { clockOf, isKnownCalendar, timeOf } from './times.ts';

/** Throws `UnusableFile`. */
export function seriesOf(file: string, netcdf: NetCdf, request: SeriesRequest): Series {
  const { within, limits = LIMITS } = request;
  const { name, netcdf: names, isTemperature } = variableOf(request.variable);
  const variable = names.map((each) => netcdf.variable(each)).find((each) => each !== undefined);
  if (variable === undefined)
    throw new UnusableFile({
      file,
      found: listed(netcdf.names),
      expected: `the variable ${name}`,
      lacksVariable: true,
    });
  const dimensions = dimensionsOf(file, variable);
  const [rows, columns] = variable.shape.slice(-2) as [number, number];
  boundLayer({ file, place: `variable ${variable.name}` }, columns, rows, limits.mostCells);
  const axes = axesOf(
    coordinates(file, netcdf, dimensions.latitude, rows),
    coordinates(file, netcdf, dimensions.longitude, columns),
    within,
  );
  if (axes.kind === 'wrong') throw new UnusableFile({ file, place: `variable ${variable.name}`, ...axes });
  const { grid } = axes.layout;
  const times = timesOf(file, netcdf, dimensions, variable);
  boundValues({ file }, times.length, grid.columns * grid.rows, limits.mostValues);
  const order = inOrder(file, times, dimensions.time);
  const values = readHours(
    file,
    variable,
    dimensions,
    axes.layout,
    order.map(({ index }) => index),
    limits,
  );
  const units = unitsFor(file, variable);
  return checkedSeries(
    file,
    { grid, hours: order.map(({ time }) => time), values, units, name },
    isTemperature,
  );
}

function unitsFor(file: string, variable: NetCdfVariable): string {
  const units = variable.attribute('units');
  if (typeof units === 'string') return unitsOf(units);
  const place = `variable ${variable.name}`;
  throw new UnusableFile({ file, place, found: 'no attribute "units"', expected: 'the unit of its values' });
}

function coordinateOf(file: string, netcdf: NetCdf, name: string): NetCdfVariable {
  const variable = netcdf.variable(name);
  if (variable?.shape.length === 1) return variable;
  const found = `no variable with the values of the dimension ${name}`;
  throw new UnusableFile({ file, found, expected: 'one value for each position' });
}

/** Float32 coordinates have seven digits: 50.61, not 50.61000061. */
function coordinates(file: string, netcdf: NetCdf, name: string, length: number): number[] {
  const variable = coordinateOf(file, netcdf, name);
  if (variable.shape[0] !== length) {
    const found = `${variable.shape[0]} values`;
    throw new UnusableFile({ file, place: `variable ${name}`, found, expected: `${length} values` });
  }
  const read = variable.read(0, length);
  const values = Array.from(read);
  const isSingle = values.every((value) => Math.fround(value) === value);
  return isSingle ? values.map((value) => Number(value.toPrecision(7))) : values;
}

function timesOf(file: string, netcdf: NetCdf, { time }: Dimensions, { shape }: NetCdfVariable): number[] {
  const name = time ?? ['valid_time', 'time'].find((each) => netcdf.variable(each) !== undefined);
  const variable = name === undefined ? undefined : netcdf.variable(name);
  const place = `variable ${name ?? 'time'}`;
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file, place, found, expected });
  };
  if (variable === undefined) return refuse('none', 'the times of the values');
  const units = variable.attribute('units');
  const clock = typeof units === 'string' ? clockOf(units) : undefined;
  const shown = typeof units === 'string' ? `the unit ${quoted(units)}` : 'no unit';
  if (clock === undefined) return refuse(shown, 'seconds, minutes, hours or days since a date');
  const calendar = variable.attribute('calendar');
  if (!isKnownCalendar(calendar)) refuse(`the calendar ${quoted(String(calendar))}`, 'the standard calendar');
  const count = time === undefined ? 1 : shape[0]!;
  if ((variable.shape[0] ?? 1) !== count) refuse(`${variable.shape[0]} times`, `${count} times`);
  boundTimes({ file, place }, count);
  const times = valuesOf(variable).map((value) => timeOf(value, clock));
  if (times.some(Number.isNaN) || times.length === 0) refuse('missing times', 'a time for each layer');
  const strange = times.find((each) => !isTimeOfWeather(each));
  if (strange !== undefined) refuse(`a time of ${strange} ms since 1970`, TIMES_OF_WEATHER);
  return times;
}

function inOrder(file: string, times: readonly number[], name = 'time') {
  const order = times.map((time, index) => ({ time, index })).sort((a, b) => a.time - b.time);
  const twice = order.find(({ time }, at) => order[at - 1]?.time === time);
  if (twice === undefined) return order;
  const found = `${new Date(twice.time).toISOString()} twice`;
  throw new UnusableFile({ file, place: `variable ${name}`, found, expected: 'every hour once' });
}
