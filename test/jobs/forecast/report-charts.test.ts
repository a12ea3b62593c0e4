// What the report's charts show: which sites, seven days at a time, closed days left out, and never without bound.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseSites, MOST_CHARTS, MOST_OFF } from '../../../jobs/forecast/report/chosen.ts';
import { bridged, nearlyClosed } from '../../../shared/report/forecast/closures.ts';
import { dailyOf, recentDays } from '../../../shared/report/forecast/days.ts';
import { reportOf } from '../../../jobs/forecast/report/report.ts';
import { sevenDayMeans } from '../../../shared/report/forecast/means.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { panelOf } from './panels.ts';
import { panelNamed, reportedOf } from './reports.ts';

const { NaN: UNKNOWN } = Number;

test('seven days are cut at the last actual, whole weeks only, without closed days', () => {
  // Ten past days, the last at index 9, and eight to come; index 5 and 12 are closed.
  const predicted = [100, 100, 100, 100, 100, 0, 100, 100, 100, 100, 200, 200, 0, 200, 200, 200, 200, 200];
  const actual = [90, 90, 90, 90, 90, 0, 90, 90, 90, 120, ...Array<number>(8).fill(UNKNOWN)];
  assert.deepEqual(sevenDayMeans(predicted, actual, 9), [
    { middle: 6, actual: 95, predicted: 100 },
    { middle: 13, actual: undefined, predicted: 200 },
  ]);
});

test('actual and prediction are means over the same days', () => {
  const predicted = [100, 100, 100, 100, 100, 800, 800];
  const actual = [100, 100, 100, 100, 100, UNKNOWN, UNKNOWN];
  assert.deepEqual(sevenDayMeans(predicted, actual, 6), [{ middle: 3, actual: 100, predicted: 100 }]);
});

test('a day forecast as open without visitors counts, and is shown', () => {
  const predicted = [100, 100, 100, 100, 100, 100, 100];
  const actual = [100, 100, 100, 100, 0, 0, 0];
  assert.deepEqual(nearlyClosed(predicted, actual), Array<boolean>(7).fill(false));
  assert.ok((sevenDayMeans(predicted, actual, 6)[0]?.actual ?? 100) < 60);
});

test('lines go straight on over a closed Sunday, stop where nothing is known, and fall on a long closure', () => {
  const closed = [false, true, false, false, true, true, true, true, false];
  assert.deepEqual(bridged([10, 0, 30, UNKNOWN, 0, 0, 0, 0, 9], closed), [10, 20, 30, null, 0, 0, 0, 0, 9]);
  assert.deepEqual(nearlyClosed([UNKNOWN, UNKNOWN, 100, 5], [UNKNOWN, 90, 90, 0]), [
    false,
    false,
    false,
    true,
  ]);
});

test('the last eight weeks end on the last actual, four weeks follow, and nothing is foreseen before the forecast', async () => {
  const panel = panelNamed(['Évry']);
  const { published } = await reportedOf(panel);
  const days = recentDays(dailyOf(published.index, published.site(0).days));
  assert.deepEqual(
    [days.isoDates[0], days.isoDates.at(-1), days.isoDates.length],
    ['2025-01-18', '2025-04-11', 56 + 28],
  );
  assert.deepEqual([days.actual[55], days.actual[56]], [panel.visits.at(-1), UNKNOWN]);
  assert.deepEqual([days.lastYear[0], days.lastYear.at(-1)], [panel.visits[19], panel.visits[102]]);
});

/** `count` sites of two clusters, each larger than the one before; the last `off` report nearly nothing today. */
const company = (count: number, off: number) => {
  const panel = panelOf(
    '2024-12-02',
    '2025-03-14',
    Array.from({ length: count }, (_, index) => ({
      visits: (day: number) =>
        day === dayOf('2025-03-14') && index >= count - off
          ? 30
          : 300 + index + (day % (3 + (index % 5))) * 20,
    })),
  );
  return {
    ...panel,
    sites: panel.sites.map((site, index) => ({ ...site, cluster: index % 2 === 0 ? 'Sud' : 'Nord' })),
  };
};

test('each site has one chart where there is room: off now, worst, best, and the others by cluster', async () => {
  const panel = company(40, 3);
  const { metrics } = await reportedOf(panel);
  const { off, worst, best, clusters, left } = chooseSites(panel, metrics.backtest, metrics.offNow);
  assert.deepEqual([...off].toSorted(), [37, 38, 39]);
  assert.deepEqual([worst.length, best.length, left], [9, 3, 0]);
  assert.deepEqual(
    clusters.map(({ cluster }) => cluster),
    ['Nord', 'Sud'],
  );
  const all = [...off, ...worst, ...best, ...clusters.flatMap(({ sites }) => sites)];
  assert.equal(new Set(all).size, 40);
  assert.equal(all.length, 40);
  for (const { sites } of clusters) assert.ok((sites[0] ?? 0) > (sites.at(-1) ?? 0), 'the largest first');
});

test('a thousand sites, and hundreds of them off now, make a page of a bounded size that says what it left out', async () => {
  const panel = company(1000, 200);
  const reported = await reportedOf(panel);
  const { metrics } = reported;
  assert.ok(metrics.offNow.length > 150, String(metrics.offNow.length));
  const chosen = chooseSites(panel, metrics.backtest, metrics.offNow);
  assert.deepEqual([chosen.off.length, chosen.left], [MOST_OFF, 1000 - MOST_CHARTS]);
  const qualityNotes = panel.sites.map(({ code, mall }) => ({
    kind: 'silent' as const,
    code,
    mall,
    since: '2025-01-01',
  }));
  const page = reportOf({ ...reported, metrics: { ...metrics, qualityNotes } }, 'en');
  assert.ok(page.length < 2_500_000, `${page.length} characters`);
  assert.equal(page.match(/<figure class="small"/g)?.length, MOST_CHARTS);
  assert.match(page, /800 sites without a chart/);
  assert.match(page, /The 500 worst of 1,000 sites/);
  for (const left of [metrics.offNow.length - MOST_OFF, 500, 900]) {
    assert.ok(
      page.includes(`And ${left.toLocaleString('en-GB')} more; metrics.json lists them all.`),
      String(left),
    );
  }
});
