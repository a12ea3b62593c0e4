// The thread that reads one NetCDF-4 file, so that its time and memory can be bounded and its state ends with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Series } from '../../raster/grid.ts';
import type { SeriesRequest } from '../grib/read-grib.ts';
import { LIMITS } from '../limits.ts';
import type { InputFile } from '../opened-file.ts';
import { UnusableFile, type Problem } from '../unusable.ts';
import { boundMemory } from './bounded-memory.ts';
import { openHdf5 } from './hdf5.ts';
import { seriesOf } from './series.ts';

export interface ReadingTask {
  readonly input: InputFile;
  readonly request: SeriesRequest;
}

export type ReadingMessage =
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'unusable'; readonly problem: Problem };

const { input, request } = workerData as ReadingTask;
const { mostLibraryBytes } = request.limits ?? LIMITS;
const memory = boundMemory(mostLibraryBytes);

try {
  using netcdf = await openHdf5(input);
  const series = seriesOf(input.name, netcdf, request);
  const message: ReadingMessage = { kind: 'series', series };
  parentPort?.postMessage(message, [series.values.buffer as ArrayBuffer]);
} catch (error) {
  const message: ReadingMessage = { kind: 'unusable', problem: problemOf(error) };
  parentPort?.postMessage(message);
}

/** What the library says when it gets no memory depends on the place where it asked. */
function problemOf(error: unknown): Problem {
  if (memory.wasRefused) {
    const found = `a file for which HDF5 needs more than ${mostLibraryBytes} bytes of memory`;
    return { file: input.name, found, expected: 'smaller chunks, or a smaller area or period' };
  }
  if (error instanceof UnusableFile) return error.problem;
  throw error;
}
