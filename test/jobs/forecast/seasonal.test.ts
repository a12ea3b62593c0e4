// The seasonal baseline: sane on odd sites, blind to the future, better than the naive on a season.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOut } from '../../../jobs/forecast/engine/lay-out.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { weeksBetween } from '../../../jobs/forecast/engine/weeks.ts';
import { dayCount, dayOf, isoDateOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { todayOf, yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf, type TestSite } from './panels.ts';

const HORIZON = 84;
const engine = seasonalEngine('FR');

async function run(panel: Panel) {
  const from = yearStart(panel.lastDay);
  const to = panel.lastDay + HORIZON;
  const steps: number[] = [];
  const forecast = await engine.forecast({ panel, from, to, progress: (done) => steps.push(done) });
  const predictions = layOut(forecast.walk, panel, from, to);
  const origins = forecast.walk.filter(({ asOf }) => asOf < panel.lastDay);
  const on = (site: number, iso: string) =>
    predictions[site * (to - from + 1) + dayOf(iso) - from] ?? Number.NaN;
  return { predictions, origins, from, to, on, steps };
}

test('weeks are cut at both ends, and each knows what came before its Monday', () => {
  const weeks = weeksBetween(dayOf('2025-01-01'), dayOf('2025-02-20'), dayOf('2025-01-17'));
  assert.deepEqual(
    weeks.map(({ asOf, from, to }) => [asOf, from, to].map((day) => isoDateOf(day).slice(5)).join(' ')),
    ['12-29 01-01 01-05', '01-05 01-06 01-12', '01-12 01-13 01-17', '01-17 01-18 02-20'],
  );
});

test('past the last actual every day knows all actuals, on whatever weekday they end', () => {
  const weeks = (lastActual: string) =>
    weeksBetween(dayOf('2025-01-13'), dayOf('2025-02-20'), dayOf(lastActual)).map(({ asOf, from, to }) =>
      [asOf, from, to].map((day) => isoDateOf(day).slice(5)).join(' '),
    );
  assert.deepEqual(weeks('2025-01-20'), ['01-12 01-13 01-19', '01-19 01-20 01-20', '01-20 01-21 02-20']);
  assert.deepEqual(weeks('2025-01-19'), ['01-12 01-13 01-19', '01-19 01-20 02-20']);
});

test('each ISO week of the year has its origin on the Sunday before, and its first days are the predictions', async () => {
  const visits = (day: number) => (weekdayOf(day) === 6 ? 0 : 100 + ((day * 37) % 50));
  const { origins, predictions, from } = await run(panelOf('2024-01-01', '2025-01-17', [{ visits }]));
  assert.deepEqual(
    origins.map(({ asOf, days }) => `${isoDateOf(asOf)} ${days}`),
    ['2024-12-29 84', '2025-01-05 84', '2025-01-12 84'],
  );
  const firstDays = origins.flatMap((origin) => [...origin.predictions.slice(0, 7)]);
  // 30 and 31 December belong to the first origin's week, not to the year; after the 17th all is known anew.
  assert.deepEqual([...predictions.slice(0, 17)], firstDays.slice(2, 19));
  assert.equal(from, dayOf('2025-01-01'));
});

test('an origin reaches the end of its week, however short the horizon', async () => {
  const panel = panelOf('2024-01-01', '2025-01-17', [{ visits: () => 60 }]);
  const request = { panel, from: dayOf('2025-01-01'), to: panel.lastDay + 1, progress: () => undefined };
  const { walk } = await engine.forecast(request);
  assert.deepEqual(
    walk.map(({ days }) => days),
    [7, 7, 7, 7],
  );
  assert.deepEqual(
    [...layOut(walk, panel, request.from, request.to)],
    Array.from({ length: 18 }, () => 60),
  );
});

test('a week is predicted from nothing that came after its Monday', async () => {
  const base = (site: number, day: number) =>
    weekdayOf(day) === 6 ? 0 : 100 + ((day * 37 + site * 11) % 50);
  const sites = [0, 1].map((site): TestSite => ({ visits: (day) => base(site, day) }));
  const panel = panelOf('2024-01-01', '2025-05-16', sites);
  const before = await run(panel);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 18 }),
      fc.integer({ min: 0, max: 1000 }),
      async (week, noise) => {
        const monday = dayOf('2024-12-30') + week * 7;
        const days = dayCount(panel);
        const visits = panel.visits.map((value, at) =>
          panel.firstDay + (at % days) < monday ? value : (value * 7 + noise) % 400,
        );
        const after = await run({ ...panel, visits });
        const width = before.to - before.from + 1;
        for (let site = 0; site < 2; site += 1) {
          const end = Math.min(monday + 7, panel.lastDay + 1);
          const upTo = site * width + Math.max(0, end - before.from);
          assert.deepEqual(
            after.predictions.slice(site * width, upTo),
            before.predictions.slice(site * width, upTo),
          );
        }
        const known = before.origins.filter(({ asOf }) => asOf < monday);
        assert.deepEqual(after.origins.slice(0, known.length), known);
      },
    ),
    { numRuns: 25 },
  );
});

test('the level moves as last year moved', async () => {
  // Twice as many in summer, every year alike.
  const visits = (day: number) =>
    isoDateOf(day).slice(5) >= '06-02' && isoDateOf(day).slice(5) < '09-01' ? 200 : 100;
  const { on } = await run(panelOf('2023-01-01', '2025-05-18', [{ visits }]));
  assert.equal(on(0, '2025-05-20'), 100);
  assert.equal(on(0, '2025-07-01'), 200);
});

test('odd sites get sane values: one week old, closed for good, new, all zero, silent', async () => {
  const panel = panelOf('2023-06-01', '2025-05-18', [
    { visits: (day) => (day > dayOf('2025-05-11') ? 80 : Number.NaN) },
    { visits: (day) => (day > dayOf('2025-03-01') ? 0 : 500) },
    { visits: (day) => (day > dayOf('2025-04-18') ? 300 : Number.NaN) },
    { visits: () => 0 },
    { visits: (day) => (day === dayOf('2023-06-01') ? 40 : Number.NaN) },
    { visits: (day) => (day >= dayOf('2025-05-12') ? Number.NaN : 70) },
  ]);
  const { on, predictions, from, to } = await run(panel);
  assert.deepEqual(
    [0, 1, 2, 3, 5].map((site) => on(site, '2025-06-04')),
    [80, 0, 300, 0, 70],
  );
  assert.equal(predictions.length, panel.sites.length * (to - from + 1));
  assert.ok(predictions.every((value) => value >= 0 && value <= 1000));
});

test('29 February and the turn of a leap year are days like others', async () => {
  const { on } = await run(panelOf('2022-01-01', '2024-02-25', [{ visits: () => 60 }]));
  assert.equal(on(0, '2024-02-29'), 60);
  assert.equal(on(0, '2024-03-01'), 60);
});

test('progress is reported to the end', async () => {
  const { steps } = await run(panelOf('2024-01-01', '2025-02-16', [{ visits: () => 100 }]));
  assert.equal(steps.at(-1), steps.length);
});

test('a day begins at midnight in Paris', () => {
  assert.equal(isoDateOf(todayOf(new Date('2025-03-31T21:59:00Z'))), '2025-03-31');
  assert.equal(isoDateOf(todayOf(new Date('2025-03-31T22:01:00Z'))), '2025-04-01');
  assert.equal(isoDateOf(todayOf(new Date('2025-01-01T22:59:00Z'))), '2025-01-01');
});
