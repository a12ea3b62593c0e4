// Walks forward over a folder of workbooks as the job does, cold, a week later and by the seasonal baseline, and prints how long each took.
import { availableParallelism } from 'node:os';
import { blendedEngine } from '../../jobs/forecast/engine/blended.ts';
import type { Engine } from '../../jobs/forecast/engine/engine.ts';
import { seasonalEngine } from '../../jobs/forecast/engine/seasonal.ts';
import type { WeekStore } from '../../jobs/forecast/learning/week-store.ts';
import { dayCount, type Panel } from '../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../jobs/forecast/series/today.ts';
import { xgboostEngine } from '../../jobs/forecast/xgboost/engine.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { readPanel } from './panel.ts';

const AHEAD_DAYS = 84;
const WEEK = 7;

const kept = new Map<string, Buffer>();
const store: WeekStore = {
  get: async (key) => kept.get(key),
  put: async (key, bytes) => void kept.set(key, bytes),
};
const model = xgboostEngine({
  library: process.env['XGBOOST_LIBRARY'],
  store,
  threads: Math.min(carmila.job.cpu, availableParallelism()),
  country: 'FR',
});
const mix = blendedEngine(model);

const { panel, seconds: reading } = await readPanel(process.argv[2] ?? '');
const cold = await walk(mix, panel);
const weeks = kept.size;
const warm = await walk(mix, oneWeekMore(panel));
const seasonal = await walk(blendedEngine(seasonalEngine('FR')), panel);
const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
process.stdout.write(
  `${JSON.stringify({ reading, cold, warm, seasonal, weeks, trainedWarm: kept.size - weeks, peakMegabytes })}\n`,
);

async function walk(engine: Engine, over: Panel): Promise<number> {
  const startMs = performance.now();
  await engine.forecast({
    panel: over,
    from: yearStart(over.lastDay),
    to: over.lastDay + AHEAD_DAYS,
    progress: (done, total, what) => process.stdout.write(`${what} ${done} of ${total}\n`),
  });
  return (performance.now() - startMs) / 1000;
}

/** The panel with its last week come once more. */
function oneWeekMore(before: Panel): Panel {
  const days = dayCount(before);
  const longer = days + WEEK;
  const visits = new Float64Array(before.sites.length * longer);
  for (let site = 0; site < before.sites.length; site++) {
    const row = before.visits.subarray(site * days, (site + 1) * days);
    visits.set(row, site * longer);
    visits.set(row.subarray(days - WEEK), site * longer + days);
  }
  return { ...before, lastDay: before.lastDay + WEEK, visits };
}
