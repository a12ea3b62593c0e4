// How far a band reaches: by the evenings behind its scores rather than by the scores, and by the week before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { naiveEvenings } from '../../../jobs/forecast/intervals/intervals.ts';
import { lendingOf } from '../../../jobs/forecast/intervals/lent.ts';
import { reachesAsOf, type Lesson } from '../../../jobs/forecast/intervals/quantiles.ts';
import { scarcity, sharedPart } from '../../../jobs/forecast/intervals/shared-part.ts';
import type { Origin } from '../../../jobs/forecast/engine/engine.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { panelOf } from './panels.ts';

const WEEK = 7;
const FIRST = dayOf('2025-01-05');
const SITES = 200;
const evenly = Array.from({ length: SITES }, (_, at) => (2 * at) / (SITES - 1) - 1);
const together = (count: number) =>
  Array.from({ length: count }, (_, evening) => ({
    scores: evenly.map((score) => (2 * evening) / (count - 1) - 1 + score / 100),
  }));
const apart = (count: number) => Array.from({ length: count }, () => ({ scores: evenly }));
const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 0.01, `${found} is not near ${expected}`);

test('evenings on which all sites err alike are worth as many values as there are evenings', () => {
  near(sharedPart(together(6), -2, 2), 1);
  near(1 / scarcity(together(6), 1), 6);
});

test('sites that err each for itself are worth as many values as there are scores', () => {
  assert.equal(sharedPart(apart(6), -2, 2), 0);
  near(1 / scarcity(apart(6), 0), 6 * SITES);
});

test('an outlier does not decide whether sites err alike', () => {
  const [first, ...rest] = apart(6);
  const odd = { scores: [1e9, ...(first?.scores.slice(1) ?? [])] };
  near(sharedPart([odd, ...rest], -1, 1), 0);
});

test('one evening, and one score of each, do not show what is common', () => {
  assert.equal(sharedPart(apart(1), -1, 1), 1);
  assert.equal(sharedPart([{ scores: [0.1] }, { scores: [0.2] }], -1, 1), 1);
});

/** `weeks[0]` holds the scores of the first week ahead, all of its first day. */
const lesson = (evening: number, ...weeks: readonly (readonly number[])[]): Lesson => ({
  factor: 1,
  origin: {
    asOf: FIRST + evening * WEEK,
    weeks: weeks.map((scores, week) => ({
      days: new Int32Array(scores.length).fill(FIRST + (evening + week) * WEEK + 1),
      scores: Float64Array.from(scores),
    })),
  },
});

test('scores that are common to an evening make a band of few evenings wider', () => {
  const reach = (of: readonly { readonly scores: readonly number[] }[]) =>
    reachesAsOf(
      of.map(({ scores }, at) => lesson(at, scores)),
      FIRST + 20 * WEEK,
      1,
    )[0]!;
  assert.ok(reach(together(6)).high > 0.99, `${reach(together(6)).high}`);
  assert.ok(reach(apart(6)).high < 0.82, `${reach(apart(6)).high}`);
  assert.ok(reach(apart(6)).low > -0.82 && reach(together(6)).low < -0.99);
});

test('a later week that few evenings speak of leans to a wider week before it, not to a narrower one', () => {
  const narrow = evenly.map((score) => score / 10);
  const asOf = FIRST + 20 * WEEK;
  const [, narrower] = reachesAsOf([lesson(0, evenly, narrow), lesson(1, evenly, narrow)], asOf, 2);
  assert.ok((narrower?.high ?? 0) > 0.5, String(narrower?.high));
  const [, wider] = reachesAsOf([lesson(0, narrow, evenly), lesson(1, narrow, evenly)], asOf, 2);
  assert.ok((wider?.high ?? 0) > 0.75, String(wider?.high));
});

test('naive scores are made as small as the engine is better, once a week can be compared', () => {
  const panel = panelOf('2024-12-01', '2025-02-02', [{ visits: () => 100 }]);
  const forecast = (asOf: number, value: number): Origin => ({
    asOf,
    days: WEEK,
    predictions: new Int32Array(WEEK).fill(value),
  });
  const own = [forecast(FIRST, 125), forecast(FIRST + WEEK, 125)];
  // 100 of 125 is a fifth too little, 100 of 200 a half.
  const naive = naiveEvenings(panel, own).map((asOf) => forecast(asOf, 200));
  assert.equal(naive.length, 6);
  const lending = lendingOf(panel, own, naive);
  assert.equal(lending(FIRST + WEEK - 1), 1);
  near(lending(FIRST + WEEK), 0.4);
});
