// Measures each rung of the forecast on long, short and moving histories: node bench/forecast-ladder.ts [name ...]
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { mixWalk } from '../jobs/forecast/engine/blended.ts';
import type { Origin } from '../jobs/forecast/engine/engine.ts';
import { steadyWeek } from '../jobs/forecast/engine/steady.ts';
import type { WeekStore } from '../jobs/forecast/learning/week-store.ts';
import { openingCalendar } from '../jobs/forecast/openings/openings.ts';
import { evidenceOf } from '../jobs/forecast/backtest/evidence.ts';
import { naiveForecaster } from '../jobs/forecast/backtest/naive.ts';
import { filterOutliers } from '../jobs/forecast/series/outlier-filter.ts';
import { dayCount, dayOf, visitsOn, weekdayOf, type Day, type Panel } from '../jobs/forecast/series/panel.ts';
import { yearStart } from '../jobs/forecast/series/today.ts';
import { xgboostEngine } from '../jobs/forecast/xgboost/engine.ts';
import { bicyclePanel } from './forecast/bicycles.ts';
import { readPanel } from './forecast/panel.ts';

const SHOPS = '../shared/data/drive-footfall';
const BICYCLES = '../shared/data/bike-counters/comptage-velo-donnees-compteurs.csv.gz';
const DAYS = 42;
const WEEK = 7;
const JUDGED_DAYS = 84;
const WEEKS = DAYS / WEEK;

/** The evenings that a line is the mean of; the panel is cut at each. */
interface Line {
  readonly name: string;
  readonly panel: Panel;
  readonly country: string;
  readonly evenings: readonly Day[];
}

const { args: chosen } = new Command('node bench/forecast-ladder.ts')
  .description('Measures the WAPE of each forecast over six weeks, and how often the bands held.')
  .argument('[lines...]', 'which lines, such as "shops, 100 days"; all by default')
  .parse();

const shops = existsSync(SHOPS) ? (await readPanel(SHOPS)).panel : undefined;
const bicycles = existsSync(BICYCLES) ? filterOutliers(await bicyclePanel(BICYCLES)).panel : undefined;
const lines = [...linesOfShops(shops), ...linesOfBicycles(bicycles)];
if (lines.length === 0) throw new Error(`neither ${SHOPS} nor ${BICYCLES} is there`);
const kept = new Map<string, Buffer>();
const store: WeekStore = {
  get: async (key) => kept.get(key),
  put: async (key, bytes) => void kept.set(key, bytes),
};

const held = Array.from({ length: WEEKS }, (_, week) => `held ${week + 1}`);
print(['', 'evenings', 'last week', 'mean of 4', 'steady', 'model', 'mix', ...held]);
for (const line of lines) {
  if (chosen.length > 0 && !chosen.includes(line.name)) continue;
  const errors: number[][] = [];
  for (const evening of line.evenings) errors.push(await measure(line, evening));
  const means = errors[0]!.map((_, rung) => errors.reduce((sum, of) => sum + of[rung]!, 0) / errors.length);
  print([line.name, String(errors.length), ...means.map((wape) => (wape * 100).toFixed(2))]);
}

function linesOfShops(panel: Panel | undefined): readonly Line[] {
  if (panel === undefined) return [];
  const cut = (name: string, evenings: readonly Day[]): Line => ({ name, panel, country: 'DE', evenings });
  const after = (days: number) => {
    const last = panel.firstDay + days - 1;
    return [0, 14, 28].map((more) => last + more - ((weekdayOf(last) + 1) % WEEK));
  };
  const spring = [42, 63, 84, 105, 126].map((before) => panel.lastDay - before);
  const prefixes = [100, 200, 300, 500].map((days) => cut(`shops, ${days} days`, after(days)));
  return [cut('shops, spring 2015', spring), ...prefixes];
}

function linesOfBicycles(panel: Panel | undefined): readonly Line[] {
  if (panel === undefined) return [];
  const from = (iso: string, count: number) =>
    Array.from({ length: count }, (_, week) => dayOf(iso) + week * WEEK);
  const cut = (name: string, evenings: readonly Day[]): Line => ({ name, panel, country: 'FR', evenings });
  return [
    cut('bicycles, end of June', [dayOf('2021-06-27')]),
    cut('bicycles, December on', from('2020-12-06', 30)),
  ];
}

/** The WAPE over six weeks of each rung, and how often the bands of the year so far held, by weeks ahead. */
async function measure({ panel, country }: Line, evening: Day): Promise<number[]> {
  const known = upTo(panel, evening);
  const calendar = openingCalendar(known, country, evening + DAYS);
  const naive = naiveForecaster(known, calendar);
  const threads = availableParallelism();
  const { walk } = await xgboostEngine({ store, threads, country }).forecast({
    panel: known,
    from: Math.max(known.firstDay, Math.min(yearStart(evening), evening - JUDGED_DAYS + 1)),
    to: evening + DAYS,
    progress: () => undefined,
  });
  const model = walk.at(-1)!;
  const mixed = mixWalk(known, walk).map(({ origin }) => origin);
  const span = { panel: known, from: yearStart(evening), to: evening + DAYS };
  const { coverage } = evidenceOf(span, mixed, country);
  const rungs = [
    naive.naiveLastWeek(evening, DAYS),
    naive.naiveMeanOfFour(evening, DAYS),
    steadyFrom(known, model),
  ];
  const wapes = [...rungs, model, mixed.at(-1)!].map((origin) => wape(panel, origin));
  const held = coverage.horizonWeeks.slice(0, WEEKS).map(({ within }) => within ?? Number.NaN);
  return [...wapes, ...held];
}

/** Open where the model is. */
function steadyFrom(panel: Panel, model: Origin): Origin {
  const steady = steadyWeek(panel, model.asOf);
  const predictions = model.predictions.map((ofModel, at) => {
    const day = model.asOf + 1 + (at % model.days);
    const level = steady[Math.floor(at / model.days) * WEEK + weekdayOf(day)]!;
    return ofModel === 0 || Number.isNaN(level) ? ofModel : Math.round(level);
  });
  return { ...model, predictions };
}

function upTo(panel: Panel, lastDay: Day): Panel {
  const days = lastDay - panel.firstDay + 1;
  const visits = new Float64Array(panel.sites.length * days);
  panel.sites.forEach((_, site) => {
    const row = site * dayCount(panel);
    visits.set(panel.visits.subarray(row, row + days), site * days);
  });
  const { sites, firstDay, openings } = panel;
  return { sites, firstDay, lastDay, visits, openings };
}

function wape(panel: Panel, { asOf, days, predictions }: Origin): number {
  let errors = 0;
  let actuals = 0;
  predictions.forEach((predicted, at) => {
    const actual = visitsOn(panel, Math.floor(at / days), asOf + 1 + (at % days));
    if (Number.isNaN(actual) || at % days >= DAYS) return;
    errors += Math.abs(predicted - actual);
    actuals += actual;
  });
  return errors / actuals;
}

function print([name = '', ...cells]: readonly string[]): void {
  process.stdout.write(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(10)).join('')}\n`);
}
