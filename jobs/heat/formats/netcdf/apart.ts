// Reads a NetCDF-4 file in a thread of its own; a file on which the library fails, never ends or takes all memory is refused.
import { Worker } from 'node:worker_threads';
import type { Series } from '../../raster/grid.ts';
import type { SeriesRequest } from '../grib/read-grib.ts';
import { LIMITS } from '../limits.ts';
import type { InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import type { ReadingMessage, ReadingTask } from './netcdf-worker.ts';

export async function readApart(input: InputFile, request: SeriesRequest): Promise<Series> {
  const task: ReadingTask = { input, request };
  // What the library prints is in the errors that it throws, and does not belong in the log of the job.
  const options = { workerData: task, stdout: true, stderr: true };
  const worker = new Worker(new URL('./netcdf-worker.ts', import.meta.url), options);
  const message = await answerOf(worker, input.name, (request.limits ?? LIMITS).longestMs);
  if (message.kind === 'series') return message.series;
  throw new UnusableFile(message.problem);
}

async function answerOf(worker: Worker, file: string, longestMs: number): Promise<ReadingMessage> {
  const expected = 'NetCDF-4 that HDF5 can read';
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ReadingMessage>((resolve, reject) => {
      const stop = (found: string) => resolve({ kind: 'unusable', problem: { file, found, expected } });
      timer = setTimeout(() => stop(`a file that is not read after ${longestMs / 1000} s`), longestMs);
      worker.on('message', resolve);
      worker.on('error', (error) => stop(`a file on which HDF5 failed (${error.message})`));
      worker.on('exit', (code) => reject(new Error(`the thread that reads ${file} ended with code ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
