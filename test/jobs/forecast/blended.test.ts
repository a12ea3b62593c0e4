// The mix of the model with plain forecasts: who errs less on earlier evenings counts more, and nothing later counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blendedEngine, mixWalk } from '../../../jobs/forecast/engine/blended.ts';
import type { Origin } from '../../../jobs/forecast/engine/engine.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { sharesAsOf, type ScoredEvening } from '../../../jobs/forecast/engine/shares.ts';
import { steadyWeek } from '../../../jobs/forecast/engine/steady.ts';
import { dayOf, isoDateOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { panelOf } from './panels.ts';

const DAYS = 14;
const SUNDAY = dayOf('2025-05-18');
const usual = (day: number): number => (weekdayOf(day) === 6 ? 0 : 1000);
const steadyPanel = (first: string, last = SUNDAY): Panel =>
  panelOf(first, isoDateOf(last), [{ visits: usual }]);

/** One forecast for each Sunday from `first` to the panel's last day, `factor` times what comes. */
function walkOf(panel: Panel, first: string, factor: number): readonly Origin[] {
  const walk: Origin[] = [];
  for (let asOf = dayOf(first); asOf <= panel.lastDay; asOf += 7) {
    const predictions = Int32Array.from({ length: DAYS }, (_, at) =>
      Math.round(factor * usual(asOf + 1 + at)),
    );
    walk.push({ asOf, days: DAYS, predictions });
  }
  return walk;
}

const lastOf = (panel: Panel, walk: readonly Origin[]) => mixWalk(panel, walk).at(-1) ?? assert.fail();

test('a model that errs more than the steady forecast gives way to it', () => {
  const panel = steadyPanel('2023-01-01');
  const { origin, shares } = lastOf(panel, walkOf(panel, '2025-02-23', 1.4));
  assert.equal(shares.model, 0);
  assert.equal(origin.predictions[0], 1000);
});

test('a model that errs less is trusted alone', () => {
  // The level doubles every week: the steady forecast is always late, the model is not.
  const visits = (day: number) => Math.round(50 * 2 ** ((day - dayOf('2025-04-01')) / 7));
  const panel = panelOf('2025-03-01', isoDateOf(SUNDAY), [{ visits }]);
  const walk = [35, 28, 21, 14, 7, 0].map((back): Origin => {
    const asOf = SUNDAY - back;
    return {
      asOf,
      days: DAYS,
      predictions: Int32Array.from({ length: DAYS }, (_, at) => visits(asOf + 1 + at)),
    };
  });
  const { origin, shares } = lastOf(panel, walk);
  assert.equal(shares.model, 1);
  assert.deepEqual(origin.predictions, walk.at(-1)?.predictions);
});

test('a closed day stays closed, whatever the mix', () => {
  const panel = steadyPanel('2024-01-01');
  const { origin } = lastOf(panel, walkOf(panel, '2025-04-20', 1.4));
  assert.deepEqual([origin.predictions[6], origin.predictions[13]], [0, 0]);
});

test('with nothing seen yet, the length of the history decides', () => {
  const share = (days: number) => sharesAsOf([], SUNDAY, days).model;
  assert.equal(share(0), 0);
  assert.ok(share(1000) > 0.8);
  assert.ok(share(300) > share(100) && share(300) < share(600));
});

test('what an evening got wrong later than the day asked about is not used', () => {
  const absolute = (error: number) => Float64Array.of(error, error);
  const evening = (asOf: number): ScoredEvening => ({
    asOf,
    absolute: { model: absolute(900), leaning: absolute(900), steady: absolute(10) },
    actuals: Float64Array.of(1000, 1000),
  });
  const before = sharesAsOf([], SUNDAY, 1000);
  assert.deepEqual(sharesAsOf([evening(SUNDAY - 6)], SUNDAY, 1000), before);
  assert.ok(sharesAsOf([evening(SUNDAY - 7)], SUNDAY, 1000).model < before.model);
});

test('what the model got wrong with less of the history counts less', () => {
  const evening = (asOf: number, model: number): ScoredEvening => ({
    asOf,
    absolute: {
      model: Float64Array.of(model),
      leaning: Float64Array.of(model),
      steady: Float64Array.of(100),
    },
    actuals: Float64Array.of(1000),
  });
  const share = (days: number) => sharesAsOf([evening(SUNDAY - 70, 150)], SUNDAY, days).model;
  // From two years on, the length of the history changes nothing else.
  assert.ok(share(800) > share(80_000) + 0.02, `${share(800)} ${share(80_000)}`);
  // Before there was any history no model could be judged.
  assert.deepEqual(sharesAsOf([evening(SUNDAY - 70, 150)], SUNDAY, 70), sharesAsOf([], SUNDAY, 70));
});

test('the model is moved towards last year only where that has helped', () => {
  const [low, high] = [(day: number) => usual(day), (day: number) => 2 * usual(day)];
  const visits = (day: number) =>
    isoDateOf(day).slice(5) >= '03-01' && isoDateOf(day).slice(5) < '07-01' ? high(day) : low(day);
  const panel = panelOf('2023-01-01', isoDateOf(SUNDAY), [{ visits }]);
  // Last year is right here, and the model is a fifth too high.
  const walk = walkOf(panel, '2025-03-30', 2.4);
  assert.equal(lastOf(panel, walk).shares.leans, true);
  const right = walkOf(panel, '2025-03-30', 2);
  assert.equal(lastOf(panel, right).shares.leans, false);
});

test('the steady forecast fades older weeks, and takes a weekday not lived through from the others', () => {
  const visits = (day: number) => (day > SUNDAY - 7 ? 200 : weekdayOf(day) === 2 ? Number.NaN : 100);
  const panel = panelOf('2025-05-08', isoDateOf(SUNDAY - 5), [{ visits }]);
  // Known: Thursday to Sunday at 100, Monday and Tuesday at 200.
  assert.deepEqual([...steadyWeek(panel, SUNDAY - 5)].map(Math.round), [200, 200, 133, 100, 100, 100, 100]);
});

test('in January the walk reaches twelve weeks back, so that there is something to judge by', async () => {
  const panel = steadyPanel('2023-01-01', dayOf('2025-01-12'));
  const request = { panel, from: dayOf('2025-01-01'), to: panel.lastDay + 84, progress: () => undefined };
  const { walk, metrics } = await blendedEngine(seasonalEngine('FR')).forecast(request);
  assert.deepEqual(
    [walk.length, isoDateOf(walk[0]?.asOf ?? 0), isoDateOf(walk.at(-1)?.asOf ?? 0)],
    [13, '2024-10-20', '2025-01-12'],
  );
  assert.equal((metrics['shares'] as unknown[]).length, 13);
});
