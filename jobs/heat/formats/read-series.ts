// Reads one variable of a GRIB or NetCDF file as a series of hours; the first bytes say which of the two it is.
import type { Series } from '../raster/grid.ts';
import { readGrib, type SeriesRequest } from './grib/read-grib.ts';
import { readNetCdf } from './netcdf/read-netcdf.ts';
import { OpenedFile, type InputFile } from './opened-file.ts';

const GRIB = Buffer.from('GRIB');

/** Throws `UnusableFile`. */
export async function readSeries(input: InputFile, request: SeriesRequest): Promise<Series> {
  return startOf(input).equals(GRIB) ? readGrib(input, request) : readNetCdf(input, request);
}

function startOf(input: InputFile): Buffer {
  using file = new OpenedFile(input);
  return file.read(0, Math.min(GRIB.length, file.sizeBytes));
}
