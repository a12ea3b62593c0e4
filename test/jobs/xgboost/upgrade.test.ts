// An upgrade of XGBoost grows other trees: what the old version learnt is not read, and the gate judges the new one fairly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blendedEngine } from '../../../jobs/forecast/engine/blended.ts';
import type { Engine } from '../../../jobs/forecast/engine/engine.ts';
import { weeksBetween } from '../../../jobs/forecast/engine/weeks.ts';
import { openingCalendar } from '../../../jobs/forecast/openings/openings.ts';
import { dayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { knownAsOf, openingsAhead } from '../../../jobs/forecast/xgboost/known.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import type { Settings } from '../../../jobs/forecast/xgboost/settings.ts';
import { weekKey } from '../../../jobs/forecast/xgboost/week-key.ts';
import { encodeWeek } from '../../../jobs/forecast/xgboost/week-result.ts';
import { folderOf } from '../forecast/panel-folder.ts';
import { installedModel, judged, summaryOfJob } from '../forecast/run-job.ts';
import { tooHigh, wrongWeekday } from '../forecast/turn-of-year.ts';
import { xgboostHere } from './installed.ts';
import { panelOf, QUICK, storeInMemory } from './panel.ts';

const DAYS = 84;
const SUNDAY = dayOf('2024-02-18');
const CENSUS_DAY = dayOf('2024-03-03');
const PANEL: Panel = {
  ...panelOf({ sites: 6, firstDay: '2023-01-02', lastDay: '2024-02-18', cycleWeeks: 2 }),
  openings: {
    lastDay: CENSUS_DAY,
    exception: (site, day) => (site === 0 && day === CENSUS_DAY) || undefined,
  },
};

/** The names of the weeks of the walk, as a version of the library gives them. */
function keysOf(panel: Panel, libraryVersion: string): readonly string[] {
  const { sites, lastDay } = panel;
  const calendar = openingCalendar(panel, 'FR', lastDay + openingsAhead(DAYS));
  return weeksBetween(yearStart(lastDay), lastDay + DAYS, lastDay).map(({ asOf }) => {
    const known = knownAsOf(panel, calendar, asOf, DAYS);
    return weekKey({ known, sites, days: DAYS, settings: QUICK, libraryVersion });
  });
}

test(
  'another version of the library learns each week again, and reads nothing that the old one kept',
  xgboostHere,
  async () => {
    const { version } = openXgboost(process.env['XGBOOST_LIBRARY']);
    const [old, now] = [keysOf(PANEL, '0.9.0'), keysOf(PANEL, version)];
    const store = storeInMemory();
    const asked: string[] = [];
    const watched = { ...store, get: (key: string) => (asked.push(key), store.get(key)) };
    const predictions = new Int32Array(PANEL.sites.length * DAYS).fill(77_777);
    for (const key of old)
      await store.put(key, encodeWeek({ predictions, models: [], trainedRows: 1, cycleWeeks: 1 }));

    const request = { panel: PANEL, from: yearStart(SUNDAY), to: SUNDAY + DAYS, progress: () => undefined };
    const upgraded = await installedModel(watched, QUICK).forecast(request);
    assert.deepEqual(
      (upgraded.metrics['weeks'] as { key: string }[]).map(({ key }) => key),
      now,
    );
    assert.deepEqual(asked, now);
    assert.equal(new Set([...old, ...now]).size, old.length + now.length);
    assert.deepEqual([...store.weeks.keys()].toSorted(), [...old, ...now].toSorted());
    assert.deepEqual(upgraded, await installedModel(storeInMemory(), QUICK).forecast(request));
  },
);

/** Other seeds stand for another version: other trees of the same data, which differ by chance alone. */
const OTHER_TREES: Settings = {
  ...QUICK,
  reaches: QUICK.reaches.map((reach) => ({
    ...reach,
    members: reach.members.map((member) => ({
      ...member,
      booster: { ...member.booster, seed: Number(member.booster['seed']) + 100 },
    })),
  })),
};

test('the gate holds an upgrade against the last publication on the days of both', xgboostHere, async () => {
  const summaryOf = (lastDay: number, engine: Engine) =>
    summaryOfJob([...folderOf(PANEL, lastDay)], engine, '2024-02-19T08:00:00Z');
  const published = await summaryOf(SUNDAY - 7, blendedEngine(installedModel(storeInMemory(), QUICK)));
  const engine = blendedEngine(installedModel(storeInMemory(), OTHER_TREES));
  const upgraded = await summaryOf(SUNDAY, engine);
  assert.notDeepEqual(
    upgraded['errorsByDay'],
    (await summaryOf(SUNDAY, blendedEngine(installedModel(storeInMemory(), QUICK))))['errorsByDay'],
  );
  const verdict = judged(published, upgraded);
  assert.equal(verdict.kind, 'passed', verdict.detail ?? '');
  assert.match(verdict.detail ?? '', /both on the same 77 days/);
  for (const worse of [tooHigh(engine), wrongWeekday(engine)])
    assert.equal(judged(published, await summaryOf(SUNDAY, worse)).kind, 'failed');
});
