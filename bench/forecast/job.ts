// Does the forecast job whole on a folder of workbooks, and prints what each part of it took: CPU, time and memory.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { blendedEngine } from '../../jobs/forecast/engine/blended.ts';
import type { Engine } from '../../jobs/forecast/engine/engine.ts';
import { forecast } from '../../jobs/forecast/forecast.ts';
import type { WeekStore } from '../../jobs/forecast/learning/week-store.ts';
import { xgboostEngine } from '../../jobs/forecast/xgboost/engine.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import { frozenInMemory, RUN } from '../../test/jobs/forecast/run-job.ts';
import type { JobDone, Part } from './large.ts';
import { roleOf } from './panel.ts';

const ATTEMPT = { pipeline: 'carmila', run: RUN, attempt: 1, horizonDays: 84, country: 'FR' };
/** Later than any workbook's last day. */
const NOW = new Date('2025-06-24T10:00:00Z');

const [source = '', weeks = ''] = process.argv.slice(2);
mkdirSync(weeks, { recursive: true });
const parts: Part[] = [];
let [cpuBefore, msBefore] = [process.cpuUsage(), performance.now()];

/** Ends a part: what was used since the last one ended is its own. */
function mark(name: string): void {
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - msBefore) / 1000;
  parts.push({ name, cpuSeconds: (user + system) / 1e6, seconds, peakMegabytes: peakMegabytes() });
  [cpuBefore, msBefore] = [process.cpuUsage(), performance.now()];
}

const peakMegabytes = () => (process.resourceUsage().maxRSS * 1024) / 1e6;

/** On the disk, so that what is kept takes no memory. */
const store: WeekStore = {
  get: async (key) => (existsSync(join(weeks, key)) ? readFileSync(join(weeks, key)) : undefined),
  put: async (key, bytes) => writeFileSync(join(weeks, key), bytes),
};

const model = xgboostEngine({
  library: process.env['XGBOOST_LIBRARY'],
  store,
  threads: Math.min(carmila.job.cpu, availableParallelism()),
  country: ATTEMPT.country,
});
let learnt = 0;
const marked: Engine = {
  name: model.name,
  async forecast(request) {
    const before = readdirSync(weeks).length;
    const progress: typeof request.progress = (done, total, what) =>
      process.stdout.write(`${what} ${done} of ${total}\n`);
    const forecast = await model.forecast({ ...request, progress });
    learnt = readdirSync(weeks).length - before;
    mark('the model');
    return forecast;
  },
};

/** The part that ends with a line of the job's log. */
const ENDS: readonly (readonly [RegExp, string])[] = [
  [/^fetched /, 'fetching'],
  [/^read /, 'reading the workbooks'],
  [/^forecast with/, 'the mix'],
  [/^measured /, 'errors and bands'],
  [/^wrote /, 'tables and reports'],
];
const log = {
  info(_fields: object, message: string) {
    const end = ENDS.find(([pattern]) => pattern.test(message));
    if (end !== undefined) mark(end[1]);
  },
  warn: (fields: object, message: string) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

const files = readdirSync(source).map((name) => ({
  role: roleOf(name),
  name,
  bytes: readFileSync(join(source, name)),
}));
const runs = await frozenInMemory(files, NOW.toISOString());
mark('start');

const results = new MemoryStore('results');
const ports = { runs, results, engine: blendedEngine(marked), clock: () => NOW, log };
const manifest = await forecast(ports, ATTEMPT);
if (manifest.kind !== 'output') throw new Error(`the job refuses the folder: ${manifest.reason}`);
const done: JobDone = { parts, learnt, rows: manifest.rows, wape: Number(manifest.summary?.['wape']) };
process.stdout.write(`${JSON.stringify(done)}\n`);
