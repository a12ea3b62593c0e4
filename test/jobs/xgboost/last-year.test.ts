// Leaning on last year: as far as this year's weeks have followed it, and not where they have not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingCalendar } from '../../../jobs/forecast/openings/openings.ts';
import { deviationsOf } from '../../../jobs/forecast/xgboost/deviations.ts';
import { lastYearFactors } from '../../../jobs/forecast/xgboost/last-year.ts';
import { knownAsOf, openingsAhead } from '../../../jobs/forecast/xgboost/known.ts';
import { pastOf } from '../../../jobs/forecast/xgboost/past.ts';
import { SETTINGS } from '../../../jobs/forecast/xgboost/settings.ts';
import type { Day } from '../../../jobs/forecast/series/panel.ts';
import { panelOf, scattered } from './panel.ts';

const DAYS = 42;
const YEAR = 364;
const BUSY = 1.3;
/** Weeks that are busy without any rhythm; a whole number of weeks apart, so a year ago is another pick. */
const isBusy = (week: number): boolean => scattered(3, week * 7) > 0.5;
const weekOf = (day: Day): number => Math.floor((day + 3) / 7);

/** What the factors do to a forecast that says the same of every week. `pick` tells which weeks are busy. */
function factorsFor(pick: (week: number) => boolean, lastDay = '2024-03-31') {
  const panel = panelOf({
    sites: 6,
    firstDay: '2022-01-03',
    lastDay,
    visits: (_, day, usual) => (pick(weekOf(day)) ? usual * BUSY : usual),
  });
  const calendar = openingCalendar(panel, 'FR', panel.lastDay + openingsAhead(DAYS));
  const past = pastOf(knownAsOf(panel, calendar, panel.lastDay, DAYS));
  const flat = Float64Array.from({ length: past.sites * DAYS }, (_, at) =>
    Math.exp(past.usual(Math.floor(at / DAYS), past.cut, past.cut + 1 + (at % DAYS))),
  );
  const factors = lastYearFactors(past, deviationsOf(past), flat, DAYS, SETTINGS.lastYear);
  return Array.from(factors, (factor, index) => ({ factor, day: panel.lastDay + 1 + index }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('weeks that were busy a year ago are raised and the others lowered, where this year follows the last', () => {
  const everyYear = (week: number) => isBusy(week % (YEAR / 7));
  const factors = factorsFor(everyYear);
  const moved = factors.filter(({ factor }) => factor !== 1);
  const busy = moved.filter(({ day }) => everyYear(weekOf(day))).map(({ factor }) => factor);
  const others = moved.filter(({ day }) => !everyYear(weekOf(day))).map(({ factor }) => factor);
  assert.ok(busy.length >= 5 && others.length >= 5, `${busy.length} busy days, ${others.length} others`);
  assert.ok(Math.min(...busy) > Math.max(...others));
  // Never the whole way: the trees know more than last year.
  assert.ok(mean(busy) / mean(others) > 1.05 && mean(busy) / mean(others) < BUSY);
  const shift = mean(moved.map(({ factor }) => Math.log(factor)));
  assert.ok(Math.abs(shift) < 1e-9, 'the mean of the logarithms stays');
});

test('a year that does not follow the last one moves next to nothing', () => {
  for (const { factor } of factorsFor(isBusy)) assert.ok(Math.abs(factor - 1) < 0.04, String(factor));
});

test('without a year of history nothing is moved', () => {
  for (const { factor } of factorsFor(isBusy, '2022-10-30')) assert.equal(factor, 1);
});
