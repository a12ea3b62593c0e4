// One model: learns from everything up to its cut, and forecasts the days after it.
import { featuresOf, type FeatureTable } from './features.ts';
import type { XgboostLibrary } from './library/library.ts';
import type { Matrix } from './library/matrix.ts';
import { pastOf, type Known, type Past } from './past.ts';
import type { Member, Settings } from './settings.ts';
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
  const features = featuresOf(past, isKept);
  const { cycleWeeks } = features;
  const training = trainingRows(past, features, settings.sampling);
  const wanted = openSiteDays(past, days);
  if (training.rows < FEWEST_ROWS || wanted.length === 0) {
    const visits = fromRatios(past, days, wanted, (site, day) =>
      Math.exp(past.usual(site, past.cut, day) - past.level(site, past.cut)),
    );
    return { visits, models: [], trainedRows: 0, cycleWeeks };
  }
  const columns = features.names.length;
  const featureTypes = features.types;
  using train = xgboost.matrix({ ...training, columns, featureTypes });
  const values = aheadRows(past, features, wanted);
  using ahead = xgboost.matrix({ values, rows: wanted.length, columns, featureTypes });
  const grown = settings.members.map((member) =>
    grow(xgboost, train, ahead, training.labels, settings, member),
  );
  const visits = fromRatios(
    past,
    days,
    wanted,
    (_site, _day, index) => grown.reduce((sum, { ratios }) => sum + ratios[index]!, 0) / grown.length,
  );
  const models = grown.map(({ model }) => model);
  return { visits, models, trainedRows: training.rows, cycleWeeks };
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

/** The open days ahead of every site that has a level at all. */
function openSiteDays(past: Past, days: number): readonly SiteDay[] {
  const wanted: SiteDay[] = [];
  for (let site = 0; site < past.sites; site += 1) {
    if (Number.isNaN(past.level(site, past.cut))) continue;
    for (let day = past.cut + 1; day <= past.cut + days; day += 1)
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

function fromRatios(
  past: Past,
  days: number,
  wanted: readonly SiteDay[],
  ratioOf: (site: number, day: number, index: number) => number,
): Float64Array {
  const visits = new Float64Array(past.sites * days);
  wanted.forEach(([site, day], index) => {
    const ratio = Math.max(0, ratioOf(site, day, index));
    visits[site * days + (day - past.cut - 1)] = ratio * Math.exp(past.level(site, past.cut));
  });
  return visits;
}
