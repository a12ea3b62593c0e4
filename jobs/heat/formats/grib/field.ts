// One field of a GRIB file, of either edition: what, when and where it is, and how to decode its values.
import { UnusableFile } from '../unusable.ts';
import { isTimeOfWeather, TIMES_OF_WEATHER } from '../values.ts';

export interface Field {
  /** Which message, and at which byte of the file. */
  readonly place: string;
  /** As `variables.ts` names it: `128.167` or `0.0.0`. */
  readonly code: string;
  /** Height above the ground in metres, where that is the level. */
  readonly heightMetres: number | undefined;
  readonly edition: 1 | 2;
  /** Valid time, ms since 1970. */
  readonly time: number;
  readonly points: Points;
  /** Which member of an ensemble; undefined outside of one. */
  readonly member: number | undefined;
  /** Row by row in the order of the file; NaN where missing. */
  readonly decode: () => Float64Array;
}

/** Regular latitudes and longitudes, by the centres of the first and the last point. */
export interface Points {
  readonly columns: number;
  readonly rows: number;
  readonly firstLatitude: number;
  readonly lastLatitude: number;
  readonly firstLongitude: number;
  readonly lastLongitude: number;
}

export type Refuse = (found: string, expected: string) => never;

export const refuseIn =
  (file: string, place: string): Refuse =>
  (found, expected) => {
    throw new UnusableFile({ file, place, found, expected });
  };

export const rowByRow = 'points row by row, each row in the same direction';

/** Longitudes of a row that crosses the meridian where counting begins: 350 to 10 is 350 to 370. */
export const eastwards = (points: Points): Points =>
  points.lastLongitude >= points.firstLongitude
    ? points
    : { ...points, lastLongitude: points.lastLongitude + 360 };

/** Returns the valid time of a field, ms since 1970, where it can be one of weather. */
export const validTime = (time: number, refuse: Refuse): number =>
  isTimeOfWeather(time) ? time : refuse(`a time of ${time} ms since 1970`, TIMES_OF_WEATHER);

/** Decodes, with errors of the bits as errors of the file. */
export function decoding<T>(refuse: Refuse, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`damaged data (${error.message})`, 'the packed values of every point');
  }
}
