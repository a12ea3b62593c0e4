// The samples of `npm start`: files for the pipelines of a fresh clone, made on the first start.
import { resolve } from 'node:path';
import { ConfigurationError } from '../shared/errors.ts';
import type { WatchPipeline } from '../shared/pipelines/pipeline.ts';

export interface Sample {
  /** Made when it is absent, and left alone when it is there. */
  readonly folder: string;
  /** Writes the files as of the day `today`, YYYY-MM-DD, and returns their names. */
  readonly write: (folder: string, today: string) => Promise<readonly string[]>;
}

const SEED = 1;

// What draws a sample is loaded when it is drawn.
const SAMPLES: Readonly<Record<string, Sample & { readonly what: string }>> = {
  carmila: {
    folder: '.sluice/drive',
    what: 'daily visitors of twelve shopping centres',
    write: async (folder, today) =>
      (await import('../local/sample/sample.ts')).writeSample(folder, { today, seed: SEED }),
  },
  bikes: {
    folder: '.sluice/counters',
    what: 'hourly bicycles of six counters',
    write: async (folder, today) =>
      (await import('../local/sample/counters.ts')).writeCounters(folder, { today, seed: SEED }),
  },
  heat: {
    folder: '.sluice/cities',
    what: 'a generated city with its weather, ground and stations',
    write: async (folder) => (await import('../local/sample/city.ts')).writeCity(folder, { seed: SEED }),
  },
};

/** For the help: a line for each pipeline that has a sample. */
export const sampleLines = (): string =>
  Object.entries(SAMPLES)
    .map(([name, { folder, what }]) => `  ${name.padEnd(8)} ${what}, made in ${folder}`)
    .join('\n');

/** Throws `ConfigurationError` for a pipeline without a sample. */
export function sampleOf({ name, trigger }: WatchPipeline): Sample {
  const sample = SAMPLES[name];
  if (sample !== undefined) return { ...sample, folder: resolve(sample.folder) };
  const option = trigger.source.kind === 'bucket' ? '--bucket' : '--drive';
  throw new ConfigurationError(`${option}: there is no sample for ${name}; name the folder of its files`);
}
