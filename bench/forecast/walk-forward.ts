// The job's long work: reading the workbooks, the walk forward from cold, and the walk a week later.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XgboostMissing } from '../../shared/xgboost/errors.ts';
import { openXgboost } from '../../shared/xgboost/library.ts';
import type { Bench } from '../measure.ts';
import { fillFolder } from '../source-folder.ts';
import { lastLineOf } from './child.ts';

const PROGRAM = fileURLToPath(new URL('./walk.ts', import.meta.url));

interface Walked {
  readonly reading: number;
  readonly cold: number;
  readonly warm: number;
  /** The baseline that stands in for XGBoost, mixed as well, over the same panel. */
  readonly seasonal: number;
  /** Models trained cold, and those that the warm walk still had to train. */
  readonly weeks: number;
  readonly trainedWarm: number;
  readonly peakMegabytes: number;
}

export const forecastWalk: Bench = {
  name: 'forecast-walk',
  about:
    'reading the workbooks, a cold walk forward, one after one more week, and one by the seasonal baseline',
  async run({ folder, progress }) {
    try {
      openXgboost(process.env['XGBOOST_LIBRARY']);
    } catch (error) {
      if (error instanceof XgboostMissing) return { skipped: error.message.split('\n', 1)[0] ?? '' };
      throw error;
    }
    const source = join(folder, 'source');
    mkdirSync(source);
    const filled = await fillFolder(source);
    progress(`walking over ${filled}`);
    const walked = (await lastLineOf(process.execPath, [PROGRAM, source], progress)) as Walked;
    const goal = (most: number) => ({ most, of: 'value' as const });
    return [
      { name: 'reading the workbooks', value: walked.reading, unit: 's', goal: goal(3), note: filled },
      {
        name: 'walk forward, cold',
        value: walked.cold,
        unit: 's',
        goal: goal(120),
        note: `${walked.weeks} models trained, each mixed with the steady forecast`,
      },
      {
        name: 'walk forward, one more week',
        value: walked.warm,
        unit: 's',
        goal: goal(10),
        note: `${walked.trainedWarm} models trained; the last week repeated`,
      },
      { name: 'walk forward, seasonal baseline', value: walked.seasonal, unit: 's', goal: goal(1) },
      { name: 'peak memory of it all', value: walked.peakMegabytes, unit: 'MB', goal: goal(1000) },
    ];
  },
};
