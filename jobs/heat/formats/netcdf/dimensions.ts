// Which dimension of a NetCDF variable is the time, the latitude and the longitude, and what any others are.
import { listed, UnusableFile } from '../unusable.ts';
import type { NetCdfVariable } from './netcdf.ts';

export interface Dimensions {
  readonly time: string | undefined;
  readonly latitude: string;
  readonly longitude: string;
  /**
   * Of length over 1 only for `expver`: the older Climate Data Store gives final and preliminary values side by side, each
   * hour in one of them.
   */
  readonly versions: number;
}

const TIMES = ['valid_time', 'time'];
const LATITUDES = ['latitude', 'lat'];
const LONGITUDES = ['longitude', 'lon'];

/** The order must be time, what else there is, latitude, longitude. */
export function dimensionsOf(file: string, { name, dimensions, shape }: NetCdfVariable): Dimensions {
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file, place: `variable ${name}`, found, expected });
  };
  const expected = 'dimensions time (or valid_time), latitude, longitude';
  const [latitude, longitude] = dimensions.slice(-2);
  const others = dimensions.slice(0, -2);
  if (!LATITUDES.includes(latitude ?? '') || !LONGITUDES.includes(longitude ?? ''))
    return refuse(`dimensions ${listed(dimensions)}`, expected);
  const time = others.find((each) => TIMES.includes(each));
  if (time !== undefined && others[0] !== time) refuse(`dimensions ${listed(dimensions)}`, expected);
  let versions = 1;
  others.forEach((other, axis) => {
    const length = shape[axis]!;
    if (other === time || length === 1) return;
    if (other === 'expver' && time !== undefined && length <= 4) versions = length;
    else refuse(`dimension ${other} of length ${length}`, `${expected}; any other of length 1`);
  });
  return { time, latitude: latitude!, longitude: longitude!, versions };
}
