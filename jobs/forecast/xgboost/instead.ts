// The last origin with other openings, by the trees that were learnt with the openings of the census.
import type { Origin } from '../engine/engine.ts';
import { openingCalendar } from '../openings/openings.ts';
import type { Panel } from '../series/panel.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { knownAsOf, openingsAhead } from './known.ts';
import { forecastBy, forecastFrom, type Members, type ModelResult } from './model.ts';
import type { Known } from './past.ts';
import type { Settings } from './settings.ts';
import type { WeekResult } from './week-result.ts';

export interface Learnt {
  readonly library: XgboostLibrary;
  readonly settings: Settings;
  readonly country: string;
}

/**
 * Trees that were learnt anew would move every site a little, for openings change a few rows that they learn from. So
 * the kept trees of the last evening forecast, and only what the openings change differs from the walk.
 */
export function forecastInstead(learnt: Learnt, panel: Panel, newest: WeekResult, days: number): Origin {
  const asOf = panel.lastDay;
  const calendar = openingCalendar(panel, learnt.country, asOf + openingsAhead(days));
  const known = knownAsOf(panel, calendar, asOf, days);
  const { visits } = byKeptTrees(learnt, known, newest, days) ?? byNewTrees(learnt, known, days);
  return { asOf, days, predictions: Int32Array.from(visits, (value) => Math.round(value)) };
}

const byNewTrees = ({ library, settings }: Learnt, known: Known, days: number): ModelResult =>
  forecastFrom(library, known, days, settings);

/**
 * Undefined where the trees do not fit: a reach without an open day or with too few rows has none, and with another
 * rhythm the columns mean something else.
 */
function byKeptTrees(
  { library, settings }: Learnt,
  known: Known,
  { models, cycleWeeks, trainedRows }: WeekResult,
  days: number,
): ModelResult | undefined {
  const used = settings.reaches.filter((_, index) => (settings.reaches[index - 1]?.longest ?? 0) < days);
  if (models.length !== used.reduce((sum, { members }) => sum + members.length, 0)) return undefined;
  const load: Members = (xgboost, _past, _features, _settings, reach, owner) => ({
    rows: trainedRows,
    members: reach.members.map(({ target, booster: own }, member) => {
      const booster = owner.use(xgboost.booster(undefined, { ...settings.booster, ...own }));
      booster.load(models[firstOf(settings, reach) + member]!);
      return { target, booster };
    }),
  });
  const result = forecastBy(load, library, known, days, settings);
  return result.cycleWeeks === cycleWeeks ? result : undefined;
}

/** The place of a reach's first member among the kept models, which lie in the order of the reaches. */
function firstOf({ reaches }: Settings, reach: Settings['reaches'][number]): number {
  return reaches.slice(0, reaches.indexOf(reach)).reduce((sum, { members }) => sum + members.length, 0);
}
