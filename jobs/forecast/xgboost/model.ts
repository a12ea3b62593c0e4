// One model: learns from everything up to its cut, and forecasts the days after it.
import { featuresOf, type FeatureTable } from './features.ts';
import type { XgboostLibrary } from './library/library.ts';
import { pastOf, type Known, type Past } from './past.ts';
import type { Settings } from './settings.ts';
import { trainingRows } from './training.ts';

export interface ModelResult {
  /** Visits, at least 0, row-major, `sites` rows of `days` days after the cut; 0 on closed days. */
  readonly visits: Float64Array;
  /** The trees in XGBoost's own form; empty when there was too little to learn from. */
  readonly trees: Uint8Array;
  readonly trainedRows: number;
  readonly cycleWeeks: number;
}

/** With less than this the trees would learn single days: the site's usual weekday is said instead. */
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
    return { visits, trees: new Uint8Array(), trainedRows: 0, cycleWeeks };
  }
  using train = xgboost.matrix({
    ...training,
    columns: features.names.length,
    featureTypes: features.types,
  });
  using booster = xgboost.booster(train, settings.booster);
  booster.train(train, 0, settings.trees);
  using ahead = xgboost.matrix({
    values: aheadRows(past, features, wanted),
    rows: wanted.length,
    columns: features.names.length,
    featureTypes: features.types,
  });
  const ratios = booster.predict(ahead);
  const visits = fromRatios(past, days, wanted, (_site, _day, index) => ratios[index]!);
  return { visits, trees: booster.save(), trainedRows: training.rows, cycleWeeks };
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
