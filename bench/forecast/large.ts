// A company of 3,000 sites with three years of history: the whole job from cold, on two cores.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XgboostMissing } from '../../shared/xgboost/errors.ts';
import { openXgboost } from '../../shared/xgboost/library.ts';
import { folderOf } from '../../test/jobs/forecast/panel-folder.ts';
import type { Bench, Measure } from '../measure.ts';
import { lastLineOf } from './child.ts';
import { companyOf } from './generated.ts';

const PROGRAM = fileURLToPath(new URL('./job.ts', import.meta.url));
const SITES = 3000;
const DAYS = 3 * 365;
const SEED = 1;
const CORES = 2;
const MOST_SECONDS = 600;
const MOST_MEGABYTES = 2500;

/** A part of the job, in the order in which they follow each other. */
export interface Part {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** The most that the process had held by the end of the part. */
  readonly peakMegabytes: number;
}

export interface JobDone {
  readonly parts: readonly Part[];
  /** Weeks trained. */
  readonly learnt: number;
  readonly rows: number;
  readonly wape: number;
}

export const forecastLarge: Bench = {
  name: 'forecast-large',
  about: `the whole job on a made company of ${SITES} sites and three years, from cold`,
  longestMinutes: 40,
  async run({ folder, progress }) {
    try {
      openXgboost(process.env['XGBOOST_LIBRARY']);
    } catch (error) {
      if (error instanceof XgboostMissing) return { skipped: error.message.split('\n', 1)[0] ?? '' };
      throw error;
    }
    const source = join(folder, 'source');
    mkdirSync(source);
    progress(`writing the workbooks of ${SITES} sites`);
    const panel = companyOf({ sites: SITES, days: DAYS, seed: SEED });
    for (const { name, bytes } of folderOf(panel)) writeFileSync(join(source, name), bytes);
    const done = (await lastLineOf(
      process.execPath,
      [PROGRAM, source, join(folder, 'weeks')],
      progress,
    )) as JobDone;
    return measuresOf(done);
  },
};

function measuresOf({ parts, learnt, rows, wape }: JobDone): readonly Measure[] {
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  const most = (bound: number) => ({ most: bound, of: 'value' as const });
  const all = `${SITES} sites, ${DAYS} days`;
  return [
    {
      name: 'the whole job, cold',
      value: sum(({ seconds }) => seconds),
      unit: 's',
      goal: most(MOST_SECONDS),
      note: `${all}; ${learnt} models trained, ${rows} rows, WAPE ${wape}`,
    },
    {
      name: 'the whole job, cold, CPU',
      value: sum(({ cpuSeconds }) => cpuSeconds),
      unit: 's',
      goal: most(MOST_SECONDS * CORES),
      note: 'of all threads: what other work on the machine hardly changes',
    },
    {
      name: 'peak memory',
      value: Math.max(...parts.map(({ peakMegabytes }) => peakMegabytes)),
      unit: 'MB',
      goal: most(MOST_MEGABYTES),
      note: 'with the input and the output, which the bench holds in memory',
    },
    ...parts.map(({ name, cpuSeconds, seconds, peakMegabytes }): Measure => ({
      name: `${name}, CPU`,
      value: cpuSeconds,
      unit: 's',
      note: `${seconds.toFixed(1)} s; the peak by then ${Math.round(peakMegabytes)} MB`,
    })),
  ];
}
