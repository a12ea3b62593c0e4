// The backtest of a forecast: checked by hand on small panels, for every engine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origin } from '../../../jobs/forecast/engine/engine.ts';
import { openingCalendar } from '../../../jobs/forecast/openings/openings.ts';
import { ErrorSums } from '../../../jobs/forecast/backtest/errors.ts';
import { naiveForecaster } from '../../../jobs/forecast/backtest/naive.ts';
import { backtestOf } from '../../../jobs/forecast/backtest/backtest.ts';
import { wholeOf } from '../../../jobs/forecast/backtest/whole.ts';
import { dayOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf } from './panels.ts';

const naiveOf = (panel: Panel) => naiveForecaster(panel, openingCalendar(panel, 'FR', panel.lastDay + 100));

const originOf = (panel: Panel, asOf: string, days: number, value: (index: number) => number): Origin => ({
  asOf: dayOf(asOf),
  days,
  predictions: Int32Array.from({ length: panel.sites.length * days }, (_, at) => value(at % days)),
});

const backtestWith = (panel: Panel, origins: readonly Origin[]) =>
  backtestOf(panel, origins, yearStart(panel.lastDay), naiveOf(panel));

test('four measures of two errors', () => {
  const sums = new ErrorSums();
  assert.deepEqual(sums.errors, { wape: null, mae: null, rmse: null, bias: null, siteDays: 0 });
  sums.add(100, 130);
  sums.add(300, 290);
  assert.deepEqual(sums.errors, { wape: 0.1, mae: 20, rmse: 22.361, bias: 0.05, siteDays: 2 });
});

test('days of the year before, days not reported and days to come are not measured', () => {
  const visits = (day: number) => (day === dayOf('2025-01-03') ? Number.NaN : 100);
  const panel = panelOf('2024-11-01', '2025-01-08', [{ visits }]);
  const { total, horizonWeeks } = backtestWith(panel, [
    originOf(panel, '2024-12-29', 14, () => 110),
    originOf(panel, '2025-01-05', 14, () => 120),
  ]);
  // 1, 2, 4 and 5 January at 10 off; 6, 7 and 8 January at 20 off.
  assert.equal(total.model.siteDays, 7);
  assert.equal(total.model.mae, Number((100 / 7).toFixed(3)));
  assert.deepEqual(
    horizonWeeks.map(({ week, model }) => [week, model.siteDays, model.mae]),
    [
      [1, 7, 14.286],
      [2, 3, 10],
    ],
  );
});

test('every cut sums to the total, and names what it is of', () => {
  const visits = (day: number) => (weekdayOf(day) === 6 ? 0 : 100);
  const panel = panelOf('2024-11-01', '2025-01-19', [{ visits }, { visits: () => 50 }]);
  const sites = panel.sites.map((site, index) => ({ ...site, cluster: index === 0 ? 'Nord' : 'Sud' }));
  const named = { ...panel, sites };
  const origins = ['2024-12-29', '2025-01-05', '2025-01-12'].map((asOf) =>
    originOf(named, asOf, 84, () => 90),
  );
  const backtest = backtestWith(named, origins);
  const sum = (cut: readonly { model: { siteDays: number } }[]) =>
    cut.reduce((days, { model }) => days + model.siteDays, 0);
  for (const cut of [backtest.clusters, backtest.sites, backtest.weeks, backtest.weekdays]) {
    assert.equal(sum(cut), backtest.total.model.siteDays);
  }
  assert.deepEqual(
    backtest.clusters.map(({ cluster }) => cluster),
    ['Nord', 'Sud'],
  );
  assert.deepEqual(
    backtest.weeks.map(({ monday }) => monday),
    ['2024-12-30', '2025-01-06', '2025-01-13'],
  );
  assert.equal(backtest.weekdays[0]?.weekday, 'Monday');
  assert.equal(backtest.sites[1]?.model.bias, 0.8);
});

test('the mean over the horizon is of the weeks one to six that are known', () => {
  const panel = panelOf('2024-11-01', '2025-03-02', [{ visits: () => 100 }]);
  // Wrong by the number of the week: 1, 2, ... 9.
  const origin = originOf(panel, '2024-12-29', 84, (index) => 100 + Math.floor(index / 7) + 1);
  assert.equal(backtestWith(panel, [origin]).wapeHorizon, 0.035);
  const young = panelOf('2024-11-01', '2025-01-12', [{ visits: () => 100 }]);
  assert.equal(backtestWith(young, [origin]).wapeHorizon, 0.015);
  assert.equal(backtestWith(young, []).wapeHorizon, null);
});

test('the naive forecasts know the openings, and nothing that came after the evening they are made on', () => {
  const visits = (day: number) =>
    day > dayOf('2025-01-12') ? 9999 : weekdayOf(day) === 6 ? 0 : 100 + (day % 2);
  const panel = panelOf('2024-11-01', '2025-02-16', [{ visits, exceptions: { '2025-01-14': false } }]);
  const asOf = dayOf('2025-01-12');
  const lastWeek = naiveOf(panel).naiveLastWeek(asOf, 14).predictions;
  const meanOfFour = naiveOf(panel).naiveMeanOfFour(asOf, 14).predictions;
  const known = (iso: string) => visits(dayOf(iso));
  // The second week uses the same days as the first: they are the last known.
  assert.deepEqual(
    [...lastWeek.slice(0, 8)],
    [
      known('2025-01-06'),
      0,
      ...['08', '09', '10', '11'].map((day) => known(`2025-01-${day}`)),
      0,
      known('2025-01-06'),
    ],
  );
  assert.equal(lastWeek[8], known('2025-01-07'));
  assert.deepEqual([meanOfFour[0], meanOfFour[1], meanOfFour[6]], [101, 0, 0]);
});

test('a naive forecast looks past a day on which the site was closed', () => {
  const visits = (day: number) => (day === dayOf('2025-01-06') ? 0 : 100);
  const panel = panelOf('2024-11-01', '2025-01-12', [{ visits }]);
  assert.equal(naiveOf(panel).naiveLastWeek(dayOf('2025-01-12'), 7).predictions[0], 100);
});

test('all sites together are the sum of those that reported', () => {
  const silent = (day: number) => (day === dayOf('2025-01-07') ? Number.NaN : 30);
  const panel = panelOf('2025-01-06', '2025-01-08', [{ visits: () => 100 }, { visits: silent }]);
  const whole = wholeOf(panel);
  assert.deepEqual([...whole.panel.visits], [130, 100, 130]);
  const summed = whole.of(originOf(panel, '2025-01-05', 5, () => 40));
  assert.deepEqual([...summed.predictions], [80, 40, 80, 80, 80]);
});
