// Odd sites and odd days: a sane forecast, and a word to the analyst.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../../../jobs/forecast/engine/lay-out.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { filterOutliers } from '../../../jobs/forecast/series/outlier-filter.ts';
import { dayOf, isoDateOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { gapsOf, qualityNotesOf } from '../../../jobs/forecast/series/quality-notes.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf } from './panels.ts';

/** Code, kind and values of each. */
const qualityNotes = (panel: Panel): readonly (readonly (string | number)[])[] => {
  const { panel: filtered, outliers } = filterOutliers(panel);
  return qualityNotesOf(filtered, outliers).map((qualityNote) => {
    const { code, kind } = qualityNote;
    const isValue = ([key]: [string, unknown]) => !['code', 'mall', 'kind'].includes(key);
    const values = Object.entries<string | number>(qualityNote).filter(isValue);
    return [code, kind, ...values.map(([, value]) => value)];
  });
};

async function forecastOf(panel: Panel) {
  const [from, to] = [yearStart(panel.lastDay), panel.lastDay + 84];
  const filtered = filterOutliers(panel).panel;
  const { walk } = await seasonalEngine('FR').forecast({
    panel: filtered,
    from,
    to,
    progress: () => undefined,
  });
  const predictions = layOut(walk, filtered, from, to);
  return (site: number, iso: string) => predictions[site * (to - from + 1) + dayOf(iso) - from];
}

test('new, closed, silent and never visited sites are named; a usual one is not', () => {
  const found = qualityNotes(
    panelOf('2023-06-01', '2025-05-18', [
      { visits: (day) => (day > dayOf('2025-05-11') ? 80 : Number.NaN) },
      { visits: (day) => (day > dayOf('2025-03-01') ? 0 : 500) },
      { visits: (day) => (day > dayOf('2025-04-18') ? 300 : Number.NaN) },
      { visits: () => 0 },
      { visits: (day) => (day < dayOf('2025-05-01') ? 70 : Number.NaN) },
      { visits: (day) => (weekdayOf(day) === 6 ? 0 : 90) },
    ]),
  );
  assert.deepEqual(found, [
    ['S0', 'new', 7, '2025-05-12'],
    ['S1', 'closed', '2025-03-01'],
    ['S2', 'new', 30, '2025-04-19'],
    ['S3', 'never-visited', '2023-06-01'],
    ['S4', 'silent', '2025-04-30'],
  ]);
});

test('an outlier of a hundred times the usual is not learnt from, and is named', async () => {
  const visits = (day: number) => (day === dayOf('2025-05-13') ? 90_000 : 900);
  const panel = panelOf('2024-01-01', '2025-05-18', [{ visits }]);
  const on = await forecastOf(panel);
  assert.equal(on(0, '2025-05-20'), 900);
  assert.deepEqual(qualityNotes(panel), [['S0', 'outlier', '2025-05-13', 90000, 900]]);
});

test('a day of a tenth of the usual is not learnt from, and closes no weekday', async () => {
  const dead = ['2025-05-06', '2025-05-13'].map(dayOf);
  const visits = (day: number) => (dead.includes(day) ? 80 : 900);
  const panel = panelOf('2024-01-01', '2025-05-18', [{ visits }]);
  const on = await forecastOf(panel);
  assert.equal(on(0, '2025-05-20'), 900);
  assert.deepEqual(qualityNotes(panel), [
    ['S0', 'outlier', '2025-05-06', 80, 900],
    ['S0', 'outlier', '2025-05-13', 80, 900],
  ]);
});

test('a tenth of the usual that stays is accepted after two weeks', () => {
  const visits = (day: number) => (day >= dayOf('2025-04-01') ? 70 : 900);
  const { outliers } = filterOutliers(panelOf('2025-01-01', '2025-05-18', [{ visits }]));
  assert.deepEqual(
    [outliers.length, outliers[0]?.date, outliers.at(-1)?.date],
    [14, '2025-04-01', '2025-04-14'],
  );
});

test('ten times the usual that stays is accepted after two weeks', () => {
  const visits = (day: number) => (day >= dayOf('2025-04-01') ? 12_000 : 900);
  const { outliers } = filterOutliers(panelOf('2025-01-01', '2025-05-18', [{ visits }]));
  assert.deepEqual(
    [outliers.length, outliers[0]?.date, outliers.at(-1)?.date],
    [14, '2025-04-01', '2025-04-14'],
  );
});

test('whether a day is an outlier never depends on later days', () => {
  const visits = (day: number) => (day % 29 === 0 ? 90_000 : 500 + (day % 7) * 300);
  const full = filterOutliers(panelOf('2024-01-01', '2025-05-18', [{ visits }])).outliers;
  const cut = filterOutliers(panelOf('2024-01-01', '2025-02-02', [{ visits }])).outliers;
  assert.ok(cut.length > 5);
  assert.deepEqual(
    full.filter(({ date }) => date <= '2025-02-02'),
    cut,
  );
});

test('a handful of visitors may be ten times the usual', () => {
  const visits = (day: number) => (day === dayOf('2025-05-13') ? 150 : 3);
  assert.deepEqual(filterOutliers(panelOf('2025-01-01', '2025-05-18', [{ visits }])).outliers, []);
});

test('a week missing for all is noted, and closes no site', async () => {
  const isMissing = (day: number) => day >= dayOf('2025-05-05') && day <= dayOf('2025-05-11');
  const visits = (day: number) => (isMissing(day) ? Number.NaN : 100);
  const panel = panelOf('2024-01-01', '2025-05-18', [{ visits }, { visits }]);
  assert.deepEqual(gapsOf(panel), [{ kind: 'nothing-reported', from: '2025-05-05', to: '2025-05-11' }]);
  assert.deepEqual(qualityNotes(panel), []);
  const on = await forecastOf(panel);
  assert.deepEqual([on(0, '2025-05-21'), on(1, '2025-05-06'), on(1, '2025-05-13')], [100, 100, 100]);
});

test('days on which the clocks change are days like others', async () => {
  const on = await forecastOf(panelOf('2024-01-01', '2025-03-28', [{ visits: () => 60 }]));
  assert.deepEqual(
    ['2025-03-29', '2025-03-30', '2025-03-31'].map((iso) => on(0, iso)),
    [60, 60, 60],
  );
  assert.equal(isoDateOf(dayOf('2025-10-26') + 1), '2025-10-27');
});
