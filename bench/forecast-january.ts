// Goes through January with the gate, by a good engine and two planted ones: node bench/forecast-january.ts [--help]
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { blendedEngine } from '../jobs/forecast/engine/blended.ts';
import type { Engine } from '../jobs/forecast/engine/engine.ts';
import { dayOf, isoDateOf } from '../jobs/forecast/series/panel.ts';
import type { Summary } from '../shared/warehouse/gate.ts';
import type { Verdict } from '../shared/warehouse/verdict.ts';
import { installedModel, judged } from '../test/jobs/forecast/run-job.ts';
import { judgeStates, someOf, tooHigh, wrongWeekday } from '../test/jobs/forecast/turn-of-year.ts';
import { readReported } from './forecast/panel.ts';

/** The Sundays of December and January, and four other days of January on which a run was once held by chance. */
const STATES = [
  ...['2014-11-30', '2014-12-07', '2014-12-14', '2014-12-21', '2014-12-28', '2015-01-03', '2015-01-04'],
  ...['2015-01-05', '2015-01-10', '2015-01-11', '2015-01-17', '2015-01-18', '2015-01-25', '2015-02-01'],
];

const { folder, sites, from, keep, after } = new Command('node bench/forecast-january.ts')
  .description('Runs the whole job on a folder as it stood on the Sundays around the turn of the year 2015.')
  .option('--folder <folder>', 'the shared workbooks', '../shared/data/drive-footfall')
  .option('--sites <number>', 'takes so many of the sites; all by default', Number)
  .option('--from <date>', 'begins with this state', STATES[0])
  .option('--keep <file>', 'writes the summaries of the good runs as JSON')
  .option('--after <file>', 'judges each good run after that of the state before which was kept in the file')
  .parse()
  .opts<{ folder: string; sites?: number; from: string; keep?: string; after?: string }>();

const all = await readReported(folder);
const panel = sites === undefined ? all : someOf(all, sites, all.firstDay);
const kept = new Map<string, Buffer>();
const store = {
  get: async (key: string) => kept.get(key),
  put: async (key: string, bytes: Buffer) => void kept.set(key, bytes),
};
const engine = blendedEngine(installedModel(store));
const others = after === undefined ? {} : (JSON.parse(readFileSync(after, 'utf8')) as Kept);
const planted: Readonly<Record<string, Engine>> =
  after === undefined ? { 'half too high': tooHigh(engine), 'wrong weekday': wrongWeekday(engine) } : {};
const states = STATES.filter((date) => date >= from);
const summaries: Record<string, Summary> = {};

/** The summaries of another run of this program, by state: with another version of XGBoost, for one. */
type Kept = Readonly<Record<string, Summary>>;

for await (const state of judgeStates(panel, states.map(dayOf), engine, planted)) {
  const date = isoDateOf(state.lastDay);
  summaries[date] = state.summary;
  print(date, 'good', state.verdict);
  const other = others[STATES[STATES.indexOf(date) - 1] ?? ''];
  if (other !== undefined) print(date, 'good, after', judged(other, state.summary));
  for (const { name, ...verdict } of state.planted) print(date, name, verdict);
}
if (keep !== undefined) writeFileSync(keep, JSON.stringify(summaries));

function print(date: string, name: string, verdict: Verdict | undefined): void {
  const { kind = 'first', detail = '' } = verdict ?? {};
  process.stdout.write(`${date}  ${name.padEnd(14)} ${kind.padEnd(7)} ${detail}\n`);
}
