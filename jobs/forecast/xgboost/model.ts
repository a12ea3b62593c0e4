// One model: learns from everything up to its cut, and forecasts the days after it.
import { openSiteDays, ratiosAhead, type Grown, type SiteDays } from './ahead.ts';
import { deviationsOf } from './deviations.ts';
import { featuresOf, type FeatureTable } from './features.ts';
import { lastYearFactors } from './last-year.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { pastOf, type Known, type Past } from './past.ts';
import type { Reach, Settings } from './settings.ts';
import { trainingRows } from './training.ts';

export interface ModelResult {
  /** Visits, at least 0, row-major, `sites` rows of `days` days after the cut; 0 on closed days. */
  readonly visits: Float64Array;
  /** Each member's trees, in XGBoost's own form; none when there was too little to learn from. */
  readonly models: readonly Uint8Array[];
  readonly trainedRows: number;
  readonly cycleWeeks: number;
}

/** With less than this trees would learn single days: the site's usual weekday is forecast instead. */
const FEWEST_ROWS = 500;

/** Throws `XgboostError` when the library refuses. */
export const forecastFrom = (
  xgboost: XgboostLibrary,
  known: Known,
  days: number,
  settings: Settings,
  isKept?: (column: string) => boolean,
): ModelResult => forecastBy(growMembers, xgboost, known, days, settings, isKept);

/** The members of a reach; they belong to `owner`. None when there was too little to learn from. */
export type Members = (
  xgboost: XgboostLibrary,
  past: Past,
  features: FeatureTable,
  settings: Settings,
  reach: Reach,
  owner: DisposableStack,
) => { readonly rows: number; readonly members: readonly Grown[] };

export function forecastBy(
  membersOf: Members,
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
    if (wanted.sites.length === 0) return;
    const learnt = learnReach(membersOf, xgboost, past, features, settings, reach, wanted);
    models.push(...learnt.models);
    trainedRows += learnt.rows;
    wanted.sites.forEach((site, at) => {
      const level = Math.exp(past.level(site, past.cut));
      visits[site * days + (wanted.days[at]! - past.cut - 1)] = Math.max(0, learnt.ratios[at]!) * level;
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
  membersOf: Members,
  xgboost: XgboostLibrary,
  past: Past,
  features: FeatureTable,
  settings: Settings,
  reach: Reach,
  wanted: SiteDays,
): LearntReach {
  using boosters = new DisposableStack();
  const { rows, members } = membersOf(xgboost, past, features, settings, reach, boosters);
  if (members.length === 0) {
    const { sites, days } = wanted;
    const usual = (site: number, at: number): number =>
      Math.exp(past.usual(site, past.cut, days[at]!) - past.level(site, past.cut));
    return { rows: 0, models: [], ratios: Float32Array.from(sites, usual) };
  }
  const models = members.map(({ booster }) => booster.save());
  return { rows, models, ratios: ratiosAhead(xgboost, past, features, wanted, members) };
}

/** What the members learnt from is freed. */
const growMembers: Members = (xgboost, past, features, settings, reach, owner) => {
  const training = trainingRows(past, features, reach);
  const { rows, labels: logs } = training;
  if (rows < FEWEST_ROWS) return { rows, members: [] };
  using train = xgboost.matrix({ ...training, columns: features.names.length, featureTypes: features.types });
  const members = reach.members.map(({ target, trees, booster: own }) => {
    train.relabel(target === 'log' ? logs : logs.map(Math.exp));
    const booster = owner.use(xgboost.booster(train, { ...settings.booster, ...own }));
    booster.train(train, 0, trees);
    return { target, booster };
  });
  return { rows, members };
};
