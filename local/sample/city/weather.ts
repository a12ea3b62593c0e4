// The weather of the generated city: a summer's heat that its ground shapes, hour by hour, and the same seen from afar.
import { bell, chance } from '../chance.ts';
import { BOX, CENTRE, groundAt } from './ground.ts';
import type { Hourly } from './netcdf.ts';

export const SIDE = 128;
/** The coarse cells are means of so many times so many fine ones. */
const BLOCK = 8;
export const DAYS = 10;
const [STEP_X, STEP_Y] = [0.0018, 0.0012];
/** A little beyond the box on every side. */
const [WEST, NORTH] = [2.2348, 48.9336];
const HOUR = 24;

export interface Weather {
  readonly fine: Hourly;
  readonly coarse: Hourly;
}

/** `firstHour` counts hours since 1970; kelvin. */
export function weatherFrom(firstHour: number, seed: number): Weather {
  const hours = Array.from({ length: DAYS * HOUR }, (_, at) => firstHour + at);
  const longitudes = centres(WEST, STEP_X, SIDE);
  const latitudes = centres(NORTH, -STEP_Y, SIDE);
  const grounds = latitudes.flatMap((latitude) =>
    longitudes.map((longitude) => groundAt(longitude, latitude)),
  );
  const values = new Float32Array(hours.length * grounds.length);
  hours.forEach((hour, at) => {
    const air = airAt(at, seed);
    grounds.forEach(({ built, green, water }, cell) => {
      const [row, column] = [Math.floor(cell / SIDE), cell % SIDE];
      const island = built * (2 + 2.2 * air.night) - green * 1.6 * air.day - water * 2.2 * air.day;
      const drift = air.south * (row / SIDE - 0.5) + air.east * (column / SIDE - 0.5);
      // One draw, since there are four million of them.
      const eddy = 0.4 * (chance(seed, hour, cell) - 0.5);
      values[at * grounds.length + cell] = air.mean + island + drift + eddy;
    });
  });
  const fine: Hourly = { name: 't2m', units: 'K', hours, latitudes, longitudes, values };
  return { fine, coarse: coarsened(fine) };
}

interface Air {
  readonly mean: number;
  /** 0 to 1 each. */
  readonly day: number;
  readonly night: number;
  readonly south: number;
  readonly east: number;
}

/** A heat wave that grows over the days; warmest in the afternoon. */
function airAt(at: number, seed: number): Air {
  const day = Math.floor(at / HOUR);
  const wave = Math.cos(((at % HOUR) - 15) * ((2 * Math.PI) / HOUR));
  const front = (key: number) => 0.8 * bell(seed, key, day) + 0.3 * Math.sin(at / 17 + key);
  return {
    mean: 293 + 0.55 * day + 6.5 * wave + 0.7 * bell(seed, 5, day),
    day: Math.max(0, wave),
    night: Math.max(0, -wave),
    south: front(6),
    east: front(7),
  };
}

const centres = (start: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => Number((start + (at + 0.5) * step).toFixed(6)));

function coarsened({ name, units, hours, values }: Hourly): Hourly {
  const side = SIDE / BLOCK;
  const means = new Float32Array(hours.length * side * side);
  values.forEach((value, at) => {
    const [hour, cell] = [Math.floor(at / SIDE ** 2), at % SIDE ** 2];
    const [row, column] = [Math.floor(cell / SIDE / BLOCK), Math.floor((cell % SIDE) / BLOCK)];
    means[(hour * side + row) * side + column]! += value / BLOCK ** 2;
  });
  return {
    ...{ name, units, hours },
    latitudes: centres(NORTH, -BLOCK * STEP_Y, side),
    longitudes: centres(WEST, BLOCK * STEP_X, side),
    values: means,
  };
}

/** The cell of the fine grid at a place. */
export function cellAt(longitude: number, latitude: number): number {
  const [column, row] = [Math.floor((longitude - WEST) / STEP_X), Math.floor((NORTH - latitude) / STEP_Y)];
  if (column >= 0 && row >= 0 && column < SIDE && row < SIDE) return row * SIDE + column;
  throw new RangeError(
    `${longitude}, ${latitude} is outside the city of ${BOX.join(', ')} around ${CENTRE.join(', ')}`,
  );
}
