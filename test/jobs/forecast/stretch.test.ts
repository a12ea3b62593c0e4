// Bands follow how often the bands before them held, on each side for itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalsFrom } from '../../../jobs/forecast/intervals/intervals.ts';
import { coverageOf } from '../../../jobs/forecast/intervals/coverage.ts';
import { stretchAsOf } from '../../../jobs/forecast/intervals/stretch.ts';
import type { Origin } from '../../../jobs/forecast/engine/engine.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { panelOf } from './panels.ts';

const WEEK = 7;
const FIRST = dayOf('2025-01-05');
const reach = { low: -0.1, high: 0.1 };

/** Ten scores one week after each evening, so many of them below and above the reach. */
const scored = (week: number, below: number, above: number) => ({
  asOf: FIRST + week * WEEK,
  weeks: [
    {
      days: Int32Array.from({ length: 10 }, () => FIRST + week * WEEK + 1),
      scores: Float64Array.from({ length: 10 }, (_, at) => (at < below ? -0.2 : at >= 10 - above ? 0.2 : 0)),
    },
  ],
});

test('a side that is missed too often is stretched, one that is missed too seldom is narrowed', () => {
  const { low, high } = stretchAsOf([scored(0, 3, 0)], FIRST + WEEK, 0, () => [reach]);
  assert.ok(low > 1.08 && high < 0.96, `${low} ${high}`);
  const kept = stretchAsOf([scored(0, 1, 1)], FIRST + WEEK, 0, () => [reach]);
  assert.deepEqual(
    [kept.low, kept.high].map((factor) => factor.toFixed(6)),
    ['1.000000', '1.000000'],
  );
});

test('a week that had not passed by then stretches nothing', () => {
  assert.deepEqual(
    stretchAsOf([scored(0, 9, 1)], FIRST + WEEK - 1, 0, () => [reach]),
    { low: 1, high: 1 },
  );
});

test('a stretch has bounds', () => {
  const always = Array.from({ length: 40 }, (_, week) => scored(week, 9, 0));
  const { low, high } = stretchAsOf(always, FIRST + 41 * WEEK, 0, () => [reach]);
  assert.deepEqual([low, high], [3, 0.6]);
});

test('bands that were learnt in a rough winter narrow within weeks of a calm spring', () => {
  const chance = (site: number, day: number) =>
    (Math.imul(day * 97 + site * 7919, 0x45d9f3b) >>> 0) / 2 ** 32;
  const isWinter = (day: number) => day < dayOf('2025-03-02');
  const panel = panelOf(
    '2024-12-01',
    '2025-06-15',
    Array.from({ length: 20 }, (_, site) => ({
      visits: (day) => Math.round(1000 * (1 + (isWinter(day) ? 0.5 : 0.1) * (2 * chance(site, day) - 1))),
    })),
  );
  const walk: Origin[] = [];
  for (let asOf = FIRST; asOf < panel.lastDay; asOf += WEEK)
    walk.push({ asOf, days: WEEK, predictions: new Int32Array(20 * WEEK).fill(1000) });
  const since = (iso: string) =>
    coverageOf(panel, walk, dayOf(iso), intervalsFrom(panel, walk, [])).total.within;
  assert.ok((since('2025-05-01') ?? 1) < 0.86, String(since('2025-05-01')));
  assert.ok((since('2025-05-01') ?? 0) > 0.72, String(since('2025-05-01')));
});
