// One model: learns from everything up to its cut, and forecasts the days after it.
import { deviationsOf } from './deviations.ts';
import { featuresOf, type FeatureTable } from './features.ts';
import { lastYearFactors } from './last-year.ts';
import type { XgboostLibrary } from './library/library.ts';
import type { Matrix } from './library/matrix.ts';
import { pastOf, type Known, type Past } from './past.ts';
import type { Member, Reach, Settings } from './settings.ts';
import { trainingRows } from './training.ts';

export interface ModelResult {
  /** Visits, at least 0, row-major, `sites` rows of `days` days after the cut; 0 on closed days. */
  readonly visits: Float64Array;
  /** Each member's trees, in XGBoost's own form; none when there was too little to learn from. */
  readonly models: readonly Uint8Array[];
  readonly trainedRows: number;
  readonly cycleWeeks: number;
}

/** With less than this trees would learn single days: the site's usual weekday is said instead. */
const FEWEST_ROWS = 500;

/** Throws `XgboostError` when the library refuses. */
export function forecastFrom(
  xgboost: XgboostLibrary,
  known: Known,
  days: number,
  settings: Settings,
  isKept?: (column: string) => boolean,
): ModelResult {
  const past = pastOf(known);
  const deviations = deviationsOf(past);
  const features = featuresOf(past, deviations, isKept);
  const visits = new Float64Array(past.sites * days);
  const models: Uint8Array[] = [];
  let trainedRows = 0;
  let first = 1;
  settings.reaches.forEach((reach, index) => {
    const last = index === settings.reaches.length - 1 ? days : Math.min(days, reach.longest);
    const wanted = openSiteDays(past, first, last);
    first = last + 1;
    if (wanted.length === 0) return;
    const learnt = learnReach(xgboost, past, features, settings, reach, wanted);
    models.push(...learnt.models);
    trainedRows += learnt.rows;
    wanted.forEach(([site, day], at) => {
      const level = Math.exp(past.level(site, past.cut));
      visits[site * days + (day - past.cut - 1)] = Math.max(0, learnt.ratios[at]!) * level;
    });
  });
  const factors = lastYearFactors(past, deviations, visits, days, settings.lastYear);
  visits.forEach((value, at) => {
    const day = past.cut + 1 + (at % days);
    if (past.regular[Math.floor(at / days) * past.width + day] === 1)
      visits[at] = value * factors[at % days]!;
  });
  return { visits, models, trainedRows, cycleWeeks: features.cycleWeeks };
}

interface LearntReach {
  readonly rows: number;
  readonly models: readonly Uint8Array[];
  /** One per wanted site and day: visits over the site's level. */
  readonly ratios: Float32Array;
}

function learnReach(
  xgboost: XgboostLibrary,
  past: Past,
  features: FeatureTable,
  settings: Settings,
  reach: Reach,
  wanted: readonly SiteDay[],
): LearntReach {
  const training = trainingRows(past, features, reach);
  if (training.rows < FEWEST_ROWS) {
    const ratios = wanted.map(([site, day]) =>
      Math.exp(past.usual(site, past.cut, day) - past.level(site, past.cut)),
    );
    return { rows: 0, models: [], ratios: Float32Array.from(ratios) };
  }
  const columns = features.names.length;
  const featureTypes = features.types;
  using train = xgboost.matrix({ ...training, columns, featureTypes });
  const values = aheadRows(past, features, wanted);
  using ahead = xgboost.matrix({ values, rows: wanted.length, columns, featureTypes });
  const grown = reach.members.map((member) => grow(xgboost, train, ahead, training.labels, settings, member));
  const mean = (index: number): number =>
    grown.reduce((sum, { ratios }) => sum + ratios[index]!, 0) / grown.length;
  return {
    rows: training.rows,
    models: grown.map(({ model }) => model),
    ratios: Float32Array.from(wanted, (_, index) => mean(index)),
  };
}

/** Trains one member, and gives what it says of each row ahead, in visits over the site's level. */
function grow(
  xgboost: XgboostLibrary,
  train: Matrix,
  ahead: Matrix,
  logs: Float32Array,
  settings: Settings,
  { target, trees, booster: own }: Member,
): { readonly ratios: Float32Array; readonly model: Uint8Array } {
  train.relabel(target === 'log' ? logs : logs.map(Math.exp));
  using booster = xgboost.booster(train, { ...settings.booster, ...own });
  booster.train(train, 0, trees);
  const said = booster.predict(ahead);
  return { ratios: target === 'log' ? said.map(Math.exp) : said, model: booster.save() };
}

type SiteDay = readonly [site: number, day: number];

/** The open days from `first` to `last` after the cut, of every site that has a level at all. */
function openSiteDays(past: Past, first: number, last: number): readonly SiteDay[] {
  const wanted: SiteDay[] = [];
  for (let site = 0; site < past.sites; site += 1) {
    if (Number.isNaN(past.level(site, past.cut))) continue;
    for (let day = past.cut + first; day <= past.cut + last; day += 1)
      if (past.open[site * past.width + day] === 1) wanted.push([site, day]);
  }
  return wanted;
}

function aheadRows(past: Past, features: FeatureTable, wanted: readonly SiteDay[]): Float32Array {
  const columns = features.names.length;
  const values = new Float32Array(wanted.length * columns);
  wanted.forEach(([site, day], index) => features.fill(values, index * columns, site, past.cut, day));
  return values;
}
