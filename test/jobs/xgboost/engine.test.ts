// The walk forward: nothing is known before its time, nothing depends on threads, and nothing is learnt twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forecast } from '../../../jobs/forecast/engine/engine.ts';
import { layOut } from '../../../jobs/forecast/engine/lay-out.ts';
import { dayOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { xgboostEngine } from '../../../jobs/forecast/xgboost/engine.ts';
import { XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { xgboostHere } from './installed.ts';
import { panelOf, panelUpTo, poisoned, QUICK, storeInMemory, type CountingStore } from './panel.ts';

const SUNDAY = dayOf('2024-02-18');
const PANEL = panelOf({ sites: 8, firstDay: '2022-09-05', lastDay: '2024-02-18', cycleWeeks: 2 });

test('without the library the engine is refused before any work, with the way to install it', () => {
  assert.throws(
    () => xgboostEngine({ library: '/nowhere.so', store: storeInMemory(), threads: 1, country: 'FR' }),
    XgboostMissing,
  );
});

test(
  'poisoning everything from a Monday on changes nothing that was forecast before it',
  xgboostHere,
  async () => {
    const monday = SUNDAY - 13;
    const clean = await run(PANEL);
    const dirty = await run(poisoned(PANEL, monday, (value) => (value === 0 ? 77_777 : Number.NaN)));
    const width = clean.predictions.length / PANEL.sites.length;
    const from = yearStart(PANEL.lastDay);
    let compared = 0;
    for (let site = 0; site < PANEL.sites.length; site += 1) {
      for (let day = from; day <= monday + 6; day += 1) {
        const at = site * width + day - from;
        assert.equal(dirty.predictions[at], clean.predictions[at]);
        compared += clean.predictions[at]! > 0 ? 1 : 0;
      }
    }
    assert.ok(compared > 200, 'open days were compared');
    const before = (forecast: Forecast) => forecast.walk.filter(({ asOf }) => asOf < monday);
    assert.deepEqual(before(dirty), before(clean));
    assert.notDeepEqual(dirty.predictions, clean.predictions);
  },
);

test('one thread and three give the same bytes, and so does asking again', xgboostHere, async () => {
  const [one, three] = [storeInMemory(), storeInMemory()];
  const alone = await run(PANEL, one, 1);
  const together = await run(PANEL, three, 3);
  assert.deepEqual(together, alone);
  assert.deepEqual(new Map([...three.weeks].toSorted()), new Map([...one.weeks].toSorted()));
  assert.deepEqual(await run(PANEL, one, 2), alone);
});

test('one more week of actuals learns one week, and gives what a cold run gives', xgboostHere, async () => {
  const store = storeInMemory();
  await run(panelUpTo(PANEL, SUNDAY - 7), store);
  const known = store.weeks.size;
  const warm = await run(PANEL, store);
  assert.equal(store.weeks.size, known + 1);
  assert.deepEqual(warm, await run(PANEL));
});

test('a change in history learns again what knew of it, and nothing else', xgboostHere, async () => {
  const store = storeInMemory();
  const before = await run(PANEL, store);
  const known = store.weeks.size;
  const changedDay = SUNDAY - 16;
  const days = PANEL.lastDay - PANEL.firstDay + 1;
  const visits = PANEL.visits.slice();
  visits[3 * days + changedDay - PANEL.firstDay]! += 1;
  await run({ ...PANEL, visits }, store);
  const touched = before.walk.filter(({ asOf }) => asOf >= changedDay).length;
  assert.equal(store.weeks.size, known + touched);
});

test(
  'a closed day is 0, an open one is near its usual, and the horizon is filled to its end',
  xgboostHere,
  async () => {
    const forecast = await run(PANEL);
    const from = yearStart(PANEL.lastDay);
    const width = forecast.predictions.length / PANEL.sites.length;
    for (let site = 0; site < PANEL.sites.length; site += 1) {
      for (let day = SUNDAY + 1; day < from + width; day += 1) {
        const predicted = forecast.predictions[site * width + day - from]!;
        if (weekdayOf(day) === 6) assert.equal(predicted, 0);
        else
          assert.ok(
            predicted > 300 * (site + 1) && predicted < 1300 * (site + 1),
            `site ${site}: ${predicted}`,
          );
      }
    }
  },
);

test('sites with odd lives get sane forecasts', xgboostHere, async () => {
  const opened = dayOf('2024-01-22');
  const closed = dayOf('2023-10-01');
  const panel = panelOf({
    sites: 10,
    firstDay: '2022-09-05',
    lastDay: '2024-02-18',
    visits: (site, day, usual) => {
      if (site === 0) return 0;
      if (site === 1) return day < SUNDAY - 6 ? Number.NaN : usual;
      if (site === 2) return day < opened ? Number.NaN : usual;
      if (site === 3) return day < closed ? usual : 0;
      if (site === 4) return Number.NaN;
      // A week without a report.
      return day >= SUNDAY - 40 && day < SUNDAY - 33 ? Number.NaN : usual;
    },
  });
  const { predictions } = await run(panel);
  const width = predictions.length / panel.sites.length;
  const tuesday = SUNDAY + 2 - yearStart(panel.lastDay);
  const onTuesday = panel.sites.map((_, site) => predictions[site * width + tuesday]!);
  assert.deepEqual(
    onTuesday.filter((_, site) => [0, 3, 4].includes(site)),
    [0, 0, 0],
  );
  for (const site of [1, 2, 5, 9])
    assert.ok(
      onTuesday[site]! > 250 * (site + 1) && onTuesday[site]! < 900 * (site + 1),
      `site ${site}: ${onTuesday[site]}`,
    );
});

test('a panel of one site and one week is forecast from its weekdays', xgboostHere, async () => {
  const panel = panelOf({ sites: 1, firstDay: '2024-02-12', lastDay: '2024-02-18' });
  const { predictions } = await run(panel);
  const saturday = predictions.at(-2)!;
  assert.ok(saturday > 650 && saturday < 850, `${saturday}`);
  assert.equal(predictions.at(-1), 0);
});

test('a failure in a thread is the failure of the forecast', xgboostHere, async () => {
  const engine = xgboostEngine({
    store: storeInMemory(),
    threads: 2,
    country: 'FR',
    settings: { ...QUICK, booster: { ...QUICK.booster, objective: 'no-such-objective' } },
  });
  const request = { panel: PANEL, from: yearStart(SUNDAY), to: SUNDAY + 14, progress: () => undefined };
  await assert.rejects(engine.forecast(request), /XGBoosterUpdateOneIter failed/);
});

async function run(
  panel: Panel,
  store: CountingStore = storeInMemory(),
  threads = 2,
  daysAhead = 14,
): Promise<Forecast & { readonly predictions: Int32Array }> {
  const library = process.env['XGBOOST_LIBRARY'];
  const engine = xgboostEngine({ library, store, threads, country: 'FR', settings: QUICK });
  const from = yearStart(panel.lastDay);
  const to = panel.lastDay + daysAhead;
  const forecast = await engine.forecast({ panel, from, to, progress: () => undefined });
  return { ...forecast, predictions: layOut(forecast.walk, panel, from, to) };
}
