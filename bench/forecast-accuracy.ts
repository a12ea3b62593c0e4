// Measures what each feature and setting of the model is worth, without the mix: node bench/forecast-accuracy.ts [folder] [step ...]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { historyOf } from '../jobs/forecast/engine/history.ts';
import { openingCalendar, type OpeningCalendar } from '../jobs/forecast/openings/openings.ts';
import { dayCount, dayOf, isoDateOf, type Day, type Panel } from '../jobs/forecast/series/panel.ts';
import { filterOutliers } from '../jobs/forecast/series/outlier-filter.ts';
import { readFolder } from '../jobs/forecast/workbook/read.ts';
import { knownAsOf, openingsAhead } from '../jobs/forecast/xgboost/known.ts';
import { openXgboost } from '../shared/xgboost/library.ts';
import { forecastFrom } from '../jobs/forecast/xgboost/model.ts';
import { SETTINGS, type Reach, type Settings } from '../jobs/forecast/xgboost/settings.ts';

const DAYS = 42;
/** How many days before the last actual each forecast is made: six-week blocks, and the same season last year. */
const BLOCKS = [42, 63, 84, 105, 126, 231, 252, 273, 294, 315, 336, 364];

type Forecaster = (panel: Panel, calendar: OpeningCalendar, asOf: Day) => ArrayLike<number>;

interface Step {
  readonly name: string;
  readonly forecast: Forecaster;
}

const FOLDER = '../shared/data/drive-footfall';
const { args } = new Command('node bench/forecast-accuracy.ts')
  .description('Measures the WAPE of the model, and of the model without each feature and setting.')
  .argument('[folder]', 'the shared workbooks', FOLDER)
  .argument('[steps...]', 'which lines, such as "without holidays"; all by default')
  .parse();
const [folder = FOLDER, ...chosen] = args;
const panel = await readPanel(folder);
const calendar = openingCalendar(panel, 'DE', panel.lastDay + openingsAhead(DAYS));
const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
const cuts = BLOCKS.map((before) => panel.lastDay - before);

process.stdout.write('The model alone: node bench/forecast-ladder.ts measures what the job mixes of it.\n');
print(['forecast from', ...cuts.map((cut) => isoDateOf(cut).slice(2)), 'mean', 'CPU s']);
for (const { name, forecast } of steps()) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const before = process.cpuUsage();
  const errors = cuts.map((cut) => wape(cut, forecast(panel, calendar, cut)));
  const { user, system } = process.cpuUsage(before);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const seconds = (user + system) / 1e6 / cuts.length;
  print([name, ...[...errors, mean].map((error) => (error * 100).toFixed(2)), seconds.toFixed(1)]);
}

function steps(): readonly Step[] {
  const without = (name: string, ...patterns: readonly RegExp[]): Step => ({
    name: `without ${name}`,
    forecast: model(SETTINGS, patterns),
  });
  const booster = (name: string, changes: Settings['booster']): Step => ({
    name,
    forecast: model({ ...SETTINGS, booster: { ...SETTINGS.booster, ...changes } }),
  });
  const reaches = (name: string, change: (reach: Reach) => Reach): Step => ({
    name,
    forecast: model({ ...SETTINGS, reaches: SETTINGS.reaches.map(change) }),
  });
  const members = (name: string, change: (members: Reach['members']) => Reach['members']): Step =>
    reaches(name, (reach) => ({ ...reach, members: change(reach.members) }));
  return [
    { name: 'naive, last week', forecast: naive(1) },
    { name: 'naive, mean of four', forecast: naive(4) },
    { name: 'the model', forecast: model(SETTINGS) },
    {
      name: 'without leaning on last year',
      forecast: model({ ...SETTINGS, lastYear: { ...SETTINGS.lastYear, most: 0 } }),
    },
    without('the site', /^site$/),
    without('calendar', /^(dayOf|daysTo|payPeriod|month)/),
    without('pay-day periods', /^payPeriod$/),
    without('holidays', /^(from|toHoliday|sinceHoliday)/),
    without('openings', /^open|Closure$/),
    without('last year', /earAgo/),
    without('the rhythm', /^cycle/),
    without('the rhythm of weeks', /^cycleWeek/),
    without('long means', /^mean|^growth|Mean26|Habit/),
    members('first member alone', (all) => all.slice(0, 1)),
    members('second member alone', (all) => all.slice(1, 2)),
    members('third member alone', (all) => all.slice(2)),
    members('half of the trees', (all) => all.map((each) => ({ ...each, trees: each.trees / 2 }))),
    booster('site one against all', { max_cat_to_onehot: 10_000 }),
    booster('256 bins', { max_bin: 256 }),
    booster('no row or column sampling', { subsample: 1, colsample_bytree: 1 }),
    reaches('half of the rows', (reach) => ({ ...reach, share: reach.share / 2 })),
    reaches('one reach to 84 days', (reach) => ({ ...reach, longest: 84 })),
  ];
}

function model(settings: Settings, leftOut: readonly RegExp[] = []): Forecaster {
  return (data, openings, asOf) =>
    forecastFrom(xgboost, knownAsOf(data, openings, asOf, DAYS), DAYS, settings, (name) =>
      leftOut.every((pattern) => !pattern.test(name)),
    ).visits;
}

function naive(count: number): Forecaster {
  return (data, openings, asOf) => {
    const history = historyOf(data);
    return Array.from({ length: data.sites.length * DAYS }, (_, at) => {
      const site = Math.floor(at / DAYS);
      const day = asOf + 1 + (at % DAYS);
      return openings.isOpen(site, day, asOf) ? (history.weekdayMean(site, day, asOf, count, count) ?? 0) : 0;
    });
  };
}

/** The sum of absolute errors over the sum of visits, over the reported site-days of the six weeks after `cut`. */
function wape(cut: Day, forecast: ArrayLike<number>): number {
  let errors = 0;
  let visits = 0;
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let index = 0; index < DAYS; index += 1) {
      const actual = panel.visits[site * dayCount(panel) + (cut + 1 + index - panel.firstDay)]!;
      if (Number.isNaN(actual)) continue;
      errors += Math.abs(Math.round(forecast[site * DAYS + index]!) - actual);
      visits += actual;
    }
  }
  return errors / visits;
}

async function readPanel(path: string): Promise<Panel> {
  const role = (name: string): string =>
    name.startsWith('Transco') ? 'transco' : name.startsWith('Recensement') ? 'openings' : 'flux';
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.xlsx'))
    .map((name) => ({ name, role: role(name), bytes: readFileSync(join(path, name)) }));
  const reading = await readFolder(files, dayOf('2100-01-01'));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return filterOutliers(reading.panel).panel;
}

function print([name, ...cells]: readonly string[]): void {
  process.stdout.write(`${(name ?? '').padEnd(28)}${cells.map((cell) => cell.padStart(9)).join('')}\n`);
}
