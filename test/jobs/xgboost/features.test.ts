// The columns: what they may know, and the rhythm that some of them follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingCalendar } from '../../../jobs/forecast/openings/openings.ts';
import type { Panel } from '../../../jobs/forecast/series/panel.ts';
import { cycleOf } from '../../../jobs/forecast/xgboost/cycle.ts';
import { deviationsOf } from '../../../jobs/forecast/xgboost/deviations.ts';
import { featuresOf, type FeatureTable } from '../../../jobs/forecast/xgboost/features.ts';
import { knownAsOf, openingsAhead } from '../../../jobs/forecast/xgboost/known.ts';
import { pastOf } from '../../../jobs/forecast/xgboost/past.ts';
import { trainingRows } from '../../../jobs/forecast/xgboost/training.ts';
import { SETTINGS } from '../../../jobs/forecast/xgboost/settings.ts';
import { decodeWeek, encodeWeek } from '../../../jobs/forecast/xgboost/week-result.ts';
import { panelOf, panelUpTo, poisoned, scattered } from './panel.ts';

const DAYS = 84;
const NEAR = SETTINGS.reaches[0]!;
const PANEL = panelOf({ sites: 5, firstDay: '2022-01-03', lastDay: '2024-03-31', cycleWeeks: 2 });

test('no column of a training row knows a value from after its origin', () => {
  const clean = tableOf(PANEL);
  for (const back of [40, 100, 300]) {
    const origin = PANEL.lastDay - PANEL.firstDay - back;
    // A closed day stays closed: openings are announced.
    const dirty = tableOf(poisoned(PANEL, PANEL.firstDay + origin + 1, (value) => value * 1.5));
    assert.equal(dirty.cycleWeeks, clean.cycleWeeks);
    for (const horizon of [1, 6, 14, 40]) {
      for (let site = 0; site < PANEL.sites.length; site += 1)
        assert.deepEqual(
          rowOf(dirty, site, origin, origin + horizon),
          rowOf(clean, site, origin, origin + horizon),
        );
    }
  }
});

test('every column is known for a site with two years behind it', () => {
  const table = tableOf(PANEL);
  const cut = PANEL.lastDay - PANEL.firstDay;
  const unknown = Object.entries(rowOf(table, 2, cut, cut + 9)).filter(([, value]) => Number.isNaN(value));
  assert.deepEqual(unknown, []);
});

test('the rhythm of the weeks is found, whatever it is, and none is found where there is none', () => {
  for (const cycleWeeks of [1, 2, 3, 4]) {
    const panel = panelOf({ sites: 5, firstDay: '2022-01-03', lastDay: '2023-12-31', cycleWeeks });
    assert.equal(tableOf(panel).cycleWeeks, cycleWeeks);
  }
  const noise = Float64Array.from({ length: 104 }, (_, week) => scattered(1, week * 7) / 5);
  assert.equal(cycleOf(noise), 1);
  assert.equal(cycleOf(new Float64Array(0)), 1);
  assert.equal(cycleOf(new Float64Array(60).fill(Number.NaN)), 1);
});

test('a later cut adds training rows and keeps those that were there', () => {
  const rowsOf = (panel: Panel) => {
    const past = pastOf(knownOf(panel));
    const { labels, rows } = trainingRows(past, featuresOf(past, deviationsOf(past)), NEAR);
    return { labels: new Set(labels), rows };
  };
  const early = rowsOf(panelUpTo(PANEL, PANEL.lastDay - 7));
  const late = rowsOf(PANEL);
  assert.ok(late.rows > early.rows && early.rows > 3000);
  assert.ok([...early.labels].every((label) => late.labels.has(label)));
});

test('a bound on training rows is kept', () => {
  const past = pastOf(knownOf(PANEL));
  const { rows, values, labels, weights } = trainingRows(past, featuresOf(past, deviationsOf(past)), {
    ...NEAR,
    mostRows: 700,
  });
  assert.ok(rows > 500 && rows < 900, `${rows}`);
  assert.equal(labels.length, rows);
  assert.equal(weights.length, rows);
  assert.equal(values.length, rows * featuresOf(past, deviationsOf(past)).names.length);
});

test('a kept week comes back as it was, and a damaged one not at all', () => {
  const week = {
    predictions: Int32Array.of(0, 5, 2_000_000),
    models: [Uint8Array.of(1, 2, 255), Uint8Array.of(7)],
    trainedRows: 12,
    cycleWeeks: 2,
  };
  const bytes = encodeWeek(week);
  assert.deepEqual(decodeWeek(bytes, 3), week);
  assert.equal(decodeWeek(bytes, 4), undefined);
  for (const at of [0, 20, bytes.length - 40, bytes.length - 1]) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    assert.equal(decodeWeek(damaged, 3), undefined);
  }
  assert.equal(decodeWeek(bytes.subarray(0, 30), 3), undefined);
});

function knownOf(panel: Panel) {
  const calendar = openingCalendar(panel, 'FR', panel.lastDay + openingsAhead(DAYS));
  return knownAsOf(panel, calendar, panel.lastDay, DAYS);
}

function tableOf(panel: Panel): FeatureTable {
  const past = pastOf(knownOf(panel));
  return featuresOf(past, deviationsOf(past));
}

function rowOf(table: FeatureTable, site: number, origin: number, day: number): Record<string, number> {
  const row = new Float32Array(table.names.length);
  table.fill(row, 0, site, origin, day);
  return Object.fromEntries(table.names.map((name, column) => [name, row[column]!]));
}
