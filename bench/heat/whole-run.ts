// A whole run of the heat job over the shared real files, and the same run again from its cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../measure.ts';
import { SHARED_HEAT, writeSampleFolder } from './sample-folder.ts';

const JOB = fileURLToPath(new URL('run-job.ts', import.meta.url));
const [MOST_SECONDS, MOST_MEGABYTES] = [180, 2_000];

interface Run {
  readonly seconds: number;
  readonly cachedSeconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly files: number;
}

export const heatRun: Bench = {
  name: 'heat-run',
  about: 'the heat job over the shared ERA5, Sentinel-2 and OpenStreetMap files of three cities',
  run({ folder, progress }) {
    if (!existsSync(SHARED_HEAT)) return Promise.resolve({ skipped: `${SHARED_HEAT} is not there` });
    const cities = join(folder, 'cities');
    mkdirSync(cities);
    writeSampleFolder(cities);
    progress('three cities, eight stages each');
    const { status, stdout, stderr } = spawnSync(process.execPath, [JOB, cities], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the job ended with ${status}: ${stderr}`);
    const run = JSON.parse(stdout) as Run;
    return Promise.resolve([
      {
        name: 'a whole run',
        value: run.seconds,
        unit: 's',
        goal: { most: MOST_SECONDS, of: 'value' },
        note: `three cities, ${run.files} files; ${run.cpuSeconds.toFixed(0)} s of CPU with the second run`,
      },
      {
        name: 'memory of the job',
        value: run.megabytes,
        unit: 'MB',
        goal: { most: MOST_MEGABYTES, of: 'value' },
        note: 'the largest resident set, with all buckets in memory',
      },
      { name: 'the run again, from its cache', value: run.cachedSeconds, unit: 's' },
    ]);
  },
};
