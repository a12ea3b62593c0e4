// The thread that reads one NetCDF-4 file, so that its time can be bounded and its state ends with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Series } from '../../raster/grid.ts';
import type { SeriesRequest } from '../grib/read-grib.ts';
import type { InputFile } from '../opened-file.ts';
import { UnusableFile, type Problem } from '../unusable.ts';
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

try {
  using netcdf = await openHdf5(input);
  const series = seriesOf(input.name, netcdf, request);
  const message: ReadingMessage = { kind: 'series', series };
  parentPort?.postMessage(message, [series.values.buffer as ArrayBuffer]);
} catch (error) {
  if (!(error instanceof UnusableFile)) throw error;
  const message: ReadingMessage = { kind: 'unusable', problem: error.problem };
  parentPort?.postMessage(message);
}
