// Other openings after the last actual: the kept trees forecast again, and only the openings make a difference.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forecast } from '../../../jobs/forecast/engine/engine.ts';
import { dayOf, type Day, type Openings, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { xgboostEngine } from '../../../jobs/forecast/xgboost/engine.ts';
import { forecastInstead } from '../../../jobs/forecast/xgboost/instead.ts';
import { decodeWeek } from '../../../jobs/forecast/xgboost/week-result.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { xgboostHere } from './installed.ts';
import { panelOf, QUICK, storeInMemory, type CountingStore } from './panel.ts';

const PANEL = panelOf({ sites: 6, firstDay: '2022-09-05', lastDay: '2024-02-18', cycleWeeks: 2 });
const SUNDAY = dayOf('2024-02-25');

const openings = (changed: ReadonlyMap<Day, boolean>): Openings => ({
  lastDay: undefined,
  exception: (site, day) => (site === 2 ? changed.get(day) : undefined),
});

async function run(
  instead: Openings | undefined,
  store: CountingStore = storeInMemory(),
  days = 14,
  panel: Panel = PANEL,
): Promise<Forecast & { readonly learnt: number }> {
  const library = process.env['XGBOOST_LIBRARY'];
  const engine = xgboostEngine({ library, store, threads: 2, country: 'FR', settings: QUICK });
  const before = store.weeks.size;
  const forecast = await engine.forecast({
    panel,
    from: yearStart(panel.lastDay),
    to: panel.lastDay + days,
    progress: () => undefined,
    ...(instead === undefined ? {} : { instead }),
  });
  return { ...forecast, learnt: store.weeks.size - before };
}

const lastOf = ({ walk }: Forecast) => walk.at(-1) ?? assert.fail();
const otherOf = ({ instead }: Forecast) => instead ?? assert.fail();

for (const days of [14, 50])
  test(`the same openings give the bytes of the last origin, ${days} days ahead`, xgboostHere, async () => {
    const forecast = await run(openings(new Map()), storeInMemory(), days);
    assert.deepEqual(otherOf(forecast), lastOf(forecast));
  });

test('a request without other openings has none in its answer', xgboostHere, async () => {
  assert.equal('instead' in (await run(undefined)), false);
});

test(
  'an opening on a Sunday changes that day of that site, and trains no week again',
  xgboostHere,
  async () => {
    const store = storeInMemory();
    const published = await run(undefined, store);
    const forecast = await run(openings(new Map([[SUNDAY, true]])), store);
    assert.equal(forecast.learnt, 0);
    assert.deepEqual(forecast.walk, published.walk);
    const [before, after] = [lastOf(forecast).predictions, otherOf(forecast).predictions];
    const at = 2 * 14 + SUNDAY - PANEL.lastDay - 1;
    assert.equal(before[at], 0);
    assert.ok(after[at]! > 500, `${after[at]}`);
    const otherSites = [...after.keys()].filter(
      (index) => Math.floor(index / 14) !== 2 && before[index] === 0,
    );
    assert.ok(otherSites.every((index) => after[index] === 0));
  },
);

test('a closing is 0 on that day', xgboostHere, async () => {
  const forecast = await run(openings(new Map([[SUNDAY + 1, false]])));
  const at = 2 * 14 + SUNDAY - PANEL.lastDay;
  assert.ok(lastOf(forecast).predictions[at]! > 500);
  assert.equal(otherOf(forecast).predictions[at], 0);
});

test('without trees for the days that are opened, the evening is learnt again', xgboostHere, async () => {
  const closed = panelOf({
    sites: 6,
    firstDay: '2022-09-05',
    lastDay: '2024-02-18',
    visits: (_, day, usual) => (day > dayOf('2023-12-01') ? 0 : usual),
  });
  const forecast = await run(openings(new Map([[SUNDAY + 1, true]])), storeInMemory(), 14, closed);
  const at = 2 * 14 + SUNDAY - closed.lastDay;
  assert.equal(lastOf(forecast).predictions[at], 0);
  assert.ok(otherOf(forecast).predictions[at]! > 300, `${otherOf(forecast).predictions[at]}`);
});

test('the trees that were kept are used, whatever the settings would grow now', xgboostHere, async () => {
  const store = storeInMemory();
  const forecast = await run(openings(new Map()), store);
  const { key } = (forecast.metrics['weeks'] as { key: string }[]).at(-1) ?? assert.fail();
  const kept = decodeWeek(store.weeks.get(key) ?? assert.fail(), 6 * 14) ?? assert.fail();
  const library = openXgboost(process.env['XGBOOST_LIBRARY']);
  const single = {
    ...QUICK,
    reaches: QUICK.reaches.map((reach) => ({
      ...reach,
      members: reach.members.map((each) => ({ ...each, trees: 1 })),
    })),
  };
  const forecastBy = (models: typeof kept.models) =>
    forecastInstead({ library, settings: single, country: 'FR' }, PANEL, { ...kept, models }, 14);
  assert.deepEqual(forecastBy(kept.models), lastOf(forecast));
  assert.notDeepEqual(forecastBy([]), lastOf(forecast), 'one tree alone forecasts otherwise');
});
