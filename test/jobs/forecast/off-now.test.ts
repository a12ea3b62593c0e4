// Sites whose newest days are not what was expected are named first, and quiet ones are not named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { evidenceOf } from '../../../jobs/forecast/backtest/evidence.ts';
import { offNowOf } from '../../../jobs/forecast/backtest/off-now.ts';
import { filterOutliers } from '../../../jobs/forecast/series/outlier-filter.ts';
import { dayOf, weekdayOf, type Day } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf, type TestSite } from './panels.ts';

const LAST = '2025-05-16';
const SUNDAY = 6;
const usual = (day: Day): number => (weekdayOf(day) === SUNDAY ? 0 : 1000 + ((day * 37) % 100));

/** Like the others until `from`, and then as given. */
const changing = (from: string, visits: (day: Day) => number): TestSite => ({
  visits: (day) => (day < dayOf(from) ? usual(day) : visits(day)),
});

async function offNow(...sites: readonly TestSite[]): Promise<readonly string[]> {
  const panel = panelOf('2024-01-01', LAST, sites);
  const span = { panel: filterOutliers(panel).panel, from: yearStart(panel.lastDay), to: panel.lastDay + 28 };
  const { walk } = await seasonalEngine('FR').forecast({ ...span, progress: () => undefined });
  const { predictions, band } = evidenceOf(span, walk, 'FR');
  return offNowOf(panel, { from: span.from, predictions, band }).map(
    ({ code, deviation, since, date, days, actual }) =>
      `${code} ${deviation} ${since} ${date} ${days} ${actual}`,
  );
}

const steady: TestSite = { visits: usual };

test('one day far below the band is named, with what came', async () => {
  assert.deepEqual(
    await offNow(
      steady,
      changing(LAST, () => 85),
      steady,
    ),
    ['S1 below 2025-05-16 2025-05-16 1 85'],
  );
});

test('one day far above the band is named as well, even an outlier', async () => {
  assert.deepEqual(
    await offNow(
      steady,
      changing(LAST, () => 90_000),
    ),
    ['S1 above 2025-05-16 2025-05-16 1 90000'],
  );
});

test('a site that closed or opened against its forecast is named, and a closed Sunday is not', async () => {
  const closed = changing('2025-05-15', () => 0);
  const opened: TestSite = {
    visits: (day) =>
      day === dayOf('2025-05-11') ? 700 : day > dayOf('2025-05-11') ? Number.NaN : usual(day),
  };
  assert.deepEqual(await offNow(closed, opened, steady), [
    'S1 open 2025-05-11 2025-05-11 1 700',
    'S0 closed 2025-05-15 2025-05-16 2 0',
  ]);
});

test('the farthest off comes first', async () => {
  const sites = [changing('2025-05-12', () => 800), changing('2025-05-12', () => 120)];
  assert.deepEqual(
    (await offNow(steady, ...sites)).map((line) => line.slice(0, 8)),
    ['S2 below', 'S1 below'],
  );
});

test('a site that came back into its band is not off now', async () => {
  const odd = changing('2025-05-13', (day) => (day === dayOf('2025-05-13') ? 85 : usual(day)));
  assert.deepEqual(await offNow(steady, odd), []);
});

test('a site that has been closed as forecast for a week is not named by the days before', async () => {
  // Easter Monday is no usual day, so Mondays count as closed a week later than the others.
  const closed = changing('2025-04-17', () => 0);
  assert.deepEqual(await offNow(steady, closed), []);
});

test('a few days closed as planned do not hide that the last open day was far off', async () => {
  const planned: TestSite = {
    ...changing('2025-05-14', (day) => (day === dayOf('2025-05-14') ? 85 : 0)),
    exceptions: { '2025-05-15': false, '2025-05-16': false },
  };
  assert.deepEqual(await offNow(steady, planned), ['S1 below 2025-05-14 2025-05-14 1 85']);
});
