// What a forecast stores for people: the numbers of its tables and its metrics, series by series, in files of bounded size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedFiles } from '../../../jobs/forecast/output/published-files.ts';
import { dayOf, isoDateOf, visitsOn } from '../../../jobs/forecast/series/panel.ts';
import { MOST_CLUSTERS, SITES_PER_FILE } from '../../../models/forecast/files.ts';
import { forecastIndex, storedSeries } from '../../../models/forecast/published.ts';
import { panelOf } from './panels.ts';
import { panelNamed, reportedOf } from './reports.ts';

const NAMES = ['Évry', 'Bègles', 'Écully'];
/** One site closes early, the second has an outlier, the third reports nothing on one day. */
const VISITS = [
  (day: number) => (day > dayOf('2025-03-10') ? 100 : 900 + (day % 5) * 40),
  (day: number) => (day === dayOf('2025-02-12') ? 90_000 : 500 + (day % 7) * 30),
  (day: number) => (day === dayOf('2025-02-20') ? Number.NaN : 300 + (day % 3) * 10),
];

test('a site has the days of the tables, with the band, and the same weekday of last year beside them', async () => {
  const panel = panelNamed(NAMES, 'Nord', VISITS);
  const { published, evidence } = await reportedOf(panel);
  const { index } = published;
  assert.deepEqual(
    [index.firstDay, index.tableFrom, index.lastDay],
    ['2025-01-01', '2025-01-01', '2025-06-06'],
  );
  const width = evidence.predictions.length / NAMES.length;
  NAMES.forEach((_, site) => {
    const { days } = published.site(site);
    const row = (values: Int32Array) => [...values.subarray(site * width, (site + 1) * width)];
    assert.deepEqual(days.predicted, row(evidence.predictions));
    assert.deepEqual(days.lower, row(evidence.band.lower));
    assert.deepEqual(days.upper, row(evidence.band.upper));
    const known = (day: number) => {
      const visits = visitsOn(panel, site, day);
      return Number.isNaN(visits) ? null : visits;
    };
    const from = dayOf(index.firstDay);
    assert.deepEqual(
      days.actual,
      Array.from({ length: 73 }, (_day, at) => known(from + at)),
    );
    assert.deepEqual(
      days.lastYear,
      Array.from({ length: width }, (_day, at) => known(from + at - 364)),
    );
  });
  assert.equal(published.site(1).days.actual[42], 90_000, 'an outlier stands as it was reported');
});

test('the errors by week are those of the backtest, of all sites, of a cluster and of a site', async () => {
  const panel = panelNamed(NAMES, 'Nord', VISITS);
  const { published, metrics } = await reportedOf(panel);
  const { weeks } = metrics.backtest;
  assert.ok(weeks.length > 8);
  assert.deepEqual(
    published.index.weeks.map(({ monday, wape }) => [monday, wape]),
    weeks.map(({ monday, model }) => [monday, model.wape]),
  );
  // All sites are of one cluster, so its errors are those of all.
  assert.deepEqual(
    published.clusters[0]?.weeks,
    weeks.map(({ model }) => model.wape),
  );
  const alone = await reportedOf(panelNamed(['Évry'], 'Nord', VISITS));
  assert.deepEqual(
    alone.published.site(0).weeks,
    alone.metrics.backtest.weeks.map(({ model }) => model.wape),
  );
});

test('a cluster is the sum of its sites, with a band of its own', async () => {
  const panel = panelNamed(NAMES, 'Nord', VISITS);
  const two = {
    ...panel,
    sites: panel.sites.map((site, at) => ({ ...site, cluster: at === 0 ? 'Sud' : 'Nord' })),
  };
  const { published } = await reportedOf(two);
  assert.deepEqual(
    published.index.clusters.map(({ key, sites }) => [key, sites]),
    [
      ['Nord', 2],
      ['Sud', 1],
    ],
  );
  const [north, south] = published.clusters;
  const sites = [1, 2].map((site) => published.site(site).days);
  const last = (north?.days.predicted.length ?? 0) - 1;
  const sumOf = (name: 'predicted' | 'upper') =>
    sites.reduce((sum, days) => sum + (days[name][last] ?? 0), 0);
  const [predicted, upper] = [north?.days.predicted[last] ?? 0, north?.days.upper[last] ?? 0];
  assert.equal(predicted, sumOf('predicted'));
  assert.ok(upper > predicted && upper !== sumOf('upper'), 'the band of a sum is not the sum of the bands');
  assert.deepEqual(south?.days.predicted, published.site(0).days.predicted);
});

test('the sites that are off now are listed as in the metrics, by the key that an address has', async () => {
  const { published, metrics } = await reportedOf(panelNamed(NAMES, 'Nord', VISITS));
  assert.ok(metrics.offNow.length > 0);
  assert.deepEqual(
    published.index.offNow,
    metrics.offNow.map(({ code: key, mall, ...numbers }) => {
      assert.equal(published.index.sites.find((site) => site.key === key)?.mall, mall);
      return { key, ...numbers };
    }),
  );
});

test('in January the days begin in the year before, forecast where the walk reached', async () => {
  const panel = panelOf('2023-06-01', '2025-01-12', [{ visits: () => 500 }]);
  const { index, site } = (await reportedOf(panel)).published;
  assert.deepEqual([index.firstDay, index.tableFrom], [isoDateOf(dayOf('2025-01-12') - 55), '2025-01-01']);
  const { predicted, actual } = site(0).days;
  // The seasonal engine walks from the Monday of the week of 1 January.
  assert.deepEqual([predicted[41], actual[0], predicted[42]], [null, 500, 500]);
});

test('the files fit their description, hold some sites each, and have the same bytes each time', async () => {
  const count = 2 * SITES_PER_FILE + 1;
  const panel = panelOf(
    '2024-12-02',
    '2025-01-20',
    Array.from({ length: count }, (_, site) => ({ visits: () => 100 + site })),
  );
  const many = { ...panel, sites: panel.sites.map((site, at) => ({ ...site, cluster: `C${at}` })) };
  const { published } = await reportedOf(many);
  const files = await Promise.all(
    publishedFiles(published).map(async ({ name, content }) => {
      const [text, again] = await Promise.all([content(), content()].map((stream) => stream.toArray()));
      assert.deepEqual(text, again);
      return [name, Buffer.concat(text as Buffer[]).toString('utf8')] as const;
    }),
  );
  assert.deepEqual(
    files.map(([name]) => name),
    ['forecast/index.json', 'forecast/clusters.json', ...[1, 2, 3].map((at) => `forecast/sites-${at}.json`)],
  );
  const [[, index = ''] = [], [, clusters = ''] = [], ...sites] = files;
  assert.equal(forecastIndex.parse(JSON.parse(index)).sites.length, count);
  assert.equal(storedSeries.array().parse(JSON.parse(clusters)).length, MOST_CLUSTERS);
  const stored = sites.flatMap(([, text]) => storedSeries.array().parse(JSON.parse(text)));
  assert.deepEqual(
    stored.map(({ days }) => days.actual[0]),
    Array.from({ length: count }, (_, site) => 100 + site),
  );
});
