// Reads one variable of a NetCDF file, of version 3 or 4, as a series of hours on one grid.
import type { Series } from '../../raster/grid.ts';
import type { SeriesRequest } from '../grib/read-grib.ts';
import { LIMITS } from '../limits.ts';
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import { readApart } from './apart.ts';
import { openClassic } from './classic.ts';
import { seriesOf } from './series.ts';

const HDF5 = Buffer.from('\u0089HDF\r\n\u001a\n', 'latin1');
const CLASSIC = Buffer.from('CDF');

/** Throws `UnusableFile`. */
export async function readNetCdf(input: InputFile, request: SeriesRequest): Promise<Series> {
  const start = startOf(input);
  // A thread of its own for a library in C: a damaged file can bring it into any state, or into no end.
  if (start.equals(HDF5)) return readApart(input, request);
  if (start.subarray(0, 3).equals(CLASSIC)) {
    using netcdf = openClassic(input, (request.limits ?? LIMITS).mostBytes);
    return seriesOf(input.name, netcdf, request);
  }
  const found = start.length === 0 ? 'an empty file' : `the bytes ${start.toString('hex')}`;
  throw new UnusableFile({ file: input.name, found, expected: 'NetCDF, of version 3 or 4' });
}

function startOf(input: InputFile): Buffer {
  using file = new OpenedFile(input);
  return file.read(0, Math.min(HDF5.length, file.sizeBytes));
}
