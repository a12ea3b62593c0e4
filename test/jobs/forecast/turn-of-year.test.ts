// The gate at the turn of the year, by the summaries that the job writes: no good run is held, each bad one is.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readReported, roleOf } from '../../../bench/forecast/panel.ts';
import { blendedEngine } from '../../../jobs/forecast/engine/blended.ts';
import type { Engine } from '../../../jobs/forecast/engine/engine.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { dayOf, isoDateOf } from '../../../jobs/forecast/series/panel.ts';
import type { Summary } from '../../../shared/warehouse/gate.ts';
import { xgboostHere } from '../xgboost/installed.ts';
import { QUICK, storeInMemory } from '../xgboost/panel.ts';
import { installedModel, judged, summaryOfJob } from './run-job.ts';
import { judgeStates, someOf, tooHigh, wrongWeekday } from './turn-of-year.ts';

const CASE = fileURLToPath(new URL('../../../../shared/cases/20-first-days-of-january/', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data/drive-footfall/', import.meta.url));
const isThere = (folder: string) => ({
  skip: existsSync(folder) ? (false as const) : `it is not on this machine: ${folder}`,
});
const withXgboost = (folder: string) => ({ skip: isThere(folder).skip || xgboostHere.skip });

/** The three states of the shared case: up to 31 December 2020, 1 January 2021 and 3 January 2021. */
async function summariesOfCase(engine: Engine): Promise<readonly [Summary, Summary, Summary]> {
  const summaryOf = (state: string) => {
    const folder = `${CASE}${state}/`;
    const files = readdirSync(folder).map((name) => ({
      role: roleOf(name),
      name,
      bytes: readFileSync(folder + name),
    }));
    return summaryOfJob(files, engine, '2026-11-26T10:00:00Z');
  };
  return [await summaryOf('1'), await summaryOf('2'), await summaryOf('3')];
}

test(
  'case 20: a year of one day or of three neither holds a run nor becomes the yardstick',
  isThere(CASE),
  async () => {
    const [year, oneDay, threeDays] = await summariesOfCase(blendedEngine(seasonalEngine('FR')));
    // The year's own numbers still rest on one day and on three, and are no yardstick.
    assert.deepEqual([oneDay['wape'], threeDays['wape']], [0.001192, 0.155166]);
    assert.deepEqual(judged(year, oneDay), {
      kind: 'passed',
      detail:
        'WAPE is 0.0036, and that of the last publication 0.0036, both on the same 83 days; expected at most 0.0043 (20 % worse)',
    });
    assert.deepEqual(judged(oneDay, threeDays), {
      kind: 'passed',
      detail:
        'WAPE is 0.0036, and that of the last publication 0.0035, both on the same 82 days; expected at most 0.0042 (20 % worse)',
    });
  },
);

test(
  'case 20: XGBoost as well is not held, and a bad forecast of the same days is',
  withXgboost(CASE),
  async () => {
    const engine = blendedEngine(installedModel(storeInMemory(), QUICK));
    const [year, oneDay, threeDays] = await summariesOfCase(engine);
    assert.equal(judged(year, oneDay).kind, 'passed');
    assert.equal(judged(oneDay, threeDays).kind, 'passed');
    const [, badOneDay, badThreeDays] = await summariesOfCase(tooHigh(engine));
    assert.equal(judged(year, badOneDay).kind, 'failed');
    assert.equal(judged(oneDay, badThreeDays).kind, 'failed');
  },
);

test(
  'week by week through January no good run is held, and a bad model is held in every week',
  withXgboost(DATA),
  async () => {
    const panel = someOf(await readReported(DATA), 8, dayOf('2014-03-01'));
    const engine = blendedEngine(installedModel(storeInMemory(), QUICK));
    const planted = { 'too high': tooHigh(engine), 'wrong weekday': wrongWeekday(engine) };
    const sundays = ['2014-12-28', '2015-01-04', '2015-01-11', '2015-01-18', '2015-01-25'];
    const found: string[] = [];
    for await (const { lastDay, verdict, planted: bad } of judgeStates(
      panel,
      sundays.map(dayOf),
      engine,
      planted,
    )) {
      if (verdict === undefined) continue;
      assert.match(verdict.detail ?? '', /, both on the same 77 days;/);
      found.push(
        [isoDateOf(lastDay), verdict.kind, ...bad.map(({ name, kind }) => `${name} ${kind}`)].join(', '),
      );
    }
    assert.deepEqual(
      found,
      sundays.slice(1).map((sunday) => `${sunday}, passed, too high failed, wrong weekday failed`),
    );
  },
);
