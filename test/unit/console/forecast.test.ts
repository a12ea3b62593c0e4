// What the forecast's screen decides: which series an address names, what an older publication's tables hold, what is kept.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { chosenIn, Forecasts } from '../../../functions/console/reading/forecast.ts';
import type {
  Forecast,
  ForecastPipeline,
  ReadForecast,
} from '../../../functions/console/reading/forecast-shape.ts';
import { isWithin, type Series } from '../../../functions/console/reading/forecast-series.ts';
import type { PublicationShown } from '../../../functions/console/reading/ledger.ts';
import { fileName } from '../../../functions/console/screens/forecast-addresses.ts';
import { forecastRows } from '../../../functions/console/screens/forecast-rows.ts';
import { PageProblem } from '../../../functions/console/problem.ts';
import { publishedFiles } from '../../../jobs/forecast/output/published-files.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { panelNamed, reportedOf } from '../../jobs/forecast/reports.ts';

const RUN = '000001-3fa9c1d2';
const FOLDER = `carmila/${RUN}/attempt-1/`;
const PIPELINE = carmila as ForecastPipeline;
const PUBLICATION: PublicationShown = {
  ...{ id: `carmila-${RUN}`, ordinal: 1, kind: 'run', run: RUN, attempt: 1, rows: 1, dataAsOf: null },
  ...{
    gate: 'passed',
    gateDetail: null,
    by: null,
    reason: null,
    publishedAt: '2026-11-27T09:00:00Z',
    outputs: [],
  },
};

let results: MemoryStore;
let reads: string[];

/** Counts what is read of the bucket. */
const counted = () =>
  new Proxy(results, {
    get(store, name) {
      const member: unknown = Reflect.get(store, name, store);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => {
        if (name === 'readText') reads.push(String(given[0]).replace(FOLDER, ''));
        return (member as (...all: unknown[]) => unknown).apply(store, [...given]);
      };
    },
  });

const NO_WAREHOUSE = {
  quoted: ({ dataset, table }: { dataset: string; table: string }) => `${dataset}.${table}`,
  query: () => Promise.resolve([]),
  load: () => Promise.reject(new Error('not expected')),
  script: () => Promise.reject(new Error('not expected')),
  drop: () => Promise.reject(new Error('not expected')),
};

async function store(files: Readonly<Record<string, string>>, summary = {}): Promise<void> {
  for (const [name, text] of Object.entries(files)) await results.create(FOLDER + name, text, 'text/plain');
  const named = Object.entries(files).map(([name, text]) => ({
    ...{ name, object: FOLDER + name, sizeBytes: text.length, crc32c: 'AAAAAA==' },
  }));
  const manifest = {
    ...{ kind: 'output', pipeline: 'carmila', run: RUN, attempt: 1, writtenAt: '2026-11-27T09:00:00Z' },
    ...{ files: named, rows: 1, summary },
  };
  await results.create(`${FOLDER}output.json`, JSON.stringify(manifest), 'application/json');
}

const forecasts = () => new Forecasts(() => 0);
const readOf = (from: Forecasts): Promise<Forecast> =>
  from.of(PIPELINE, PUBLICATION, { warehouse: NO_WAREHOUSE, results: counted() });
const shown = (forecast: Forecast): ReadForecast =>
  'index' in forecast ? forecast : assert.fail(forecast.kind);

describe('what the console reads of a forecast', () => {
  beforeEach(() => {
    results = new MemoryStore('results');
    reads = [];
  });

  async function storeFiles(): Promise<void> {
    const { published } = await reportedOf(panelNamed(['Évry', 'Bègles', 'Écully']));
    const files = publishedFiles(published).map(async ({ name, content }) => {
      const text = Buffer.concat((await content().toArray()) as Buffer[]).toString('utf8');
      return [name, text] as const;
    });
    await store(Object.fromEntries(await Promise.all(files)));
  }

  describe('a publication with the files for people', () => {
    test('is read once for a page and its pictures: the manifest, the index, and the file of the site', async () => {
      await storeFiles();
      const kept = forecasts();
      for (let picture = 0; picture < 4; picture++) {
        const { site } = shown(await readOf(kept));
        assert.equal((await site(1))?.days.predicted.length, 157);
      }
      assert.deepEqual(reads, ['output.json', 'forecast/index.json', 'forecast/sites-1.json']);
      assert.equal(await shown(await readOf(kept)).site(3), undefined);
      assert.equal((await shown(await readOf(kept)).cluster(0))?.weeks.length, 11);
      assert.deepEqual(reads.slice(3), ['forecast/clusters.json']);
    });

    test('has a series for a key, and for a whole name of a site', async () => {
      await storeFiles();
      const { index } = shown(await readOf(forecasts()));
      const chosen = (query: string) => chosenIn(new URLSearchParams(query), index);
      assert.deepEqual(chosen('site=S1'), { kind: 'site', at: 1 });
      assert.deepEqual(chosen('site=Écully'), { kind: 'site', at: 2 });
      assert.deepEqual(chosen('cluster=Nord'), { kind: 'cluster', at: 0 });
      assert.deepEqual(chosen('site=&cluster='), { kind: 'all', at: 0 });
      assert.equal(chosen('site=nope'), undefined);
      assert.equal(chosen('cluster=nope'), undefined);
    });

    test('has expired where its manifest is gone, or its index', async () => {
      assert.deepEqual(await readOf(forecasts()), { kind: 'expired', object: `${FOLDER}output.json` });
      await storeFiles();
      const info = await results.info(`${FOLDER}forecast/index.json`);
      await results.remove(`${FOLDER}forecast/index.json`, info?.generation ?? '');
      assert.equal((await readOf(forecasts())).kind, 'expired');
    });
  });

  describe('a publication from before these files', () => {
    const DAYS = `nom_mall,cluster,date,donnees_reelles,donnees_predites
Évry,Nord,2025-01-03,100,90
Évry,Nord,2025-01-04,200,210
Évry,Nord,2025-01-05,0,0
Évry,Nord,2025-01-06,100,150
Évry,Nord,2025-01-07,,120
"Bègles, 2",Sud,2025-01-03,50,50
"Bègles, 2",Sud,2025-01-04,,60
"Bègles, 2",Sud,2025-01-05,0,0
"Bègles, 2",Sud,2025-01-06,40,30
"Bègles, 2",Sud,2025-01-07,,35
`;
    const BAND = DAYS.replace(
      'donnees_reelles,donnees_predites',
      'donnees_predites,borne_basse,borne_haute',
    ).replace(/^(.*),\d*,(\d+)$/gm, '$1,$2,0,500');
    const METRICS = JSON.stringify({
      offNow: [
        {
          ...{
            code: 'A1',
            mall: 'Évry',
            deviation: 'below',
            since: '2025-01-06',
            date: '2025-01-06',
            days: 1,
          },
          ...{ actual: 100, expected: 150, lower: 120, upper: 180 },
        },
      ],
    });
    const FILES = { 'predictions.csv': DAYS, 'predictions_intervals.csv': BAND, 'metrics.json': METRICS };

    test('shows what its tables hold: days, band, errors by week, and who is off', async () => {
      await store(FILES, { wape: 0.12, engine: 'seasonal-baseline' });
      const { kind, index, site } = shown(await readOf(forecasts()));
      assert.equal(kind, 'tables');
      assert.deepEqual(
        [index.firstDay, index.lastActual, index.lastDay],
        ['2025-01-03', '2025-01-06', '2025-01-07'],
      );
      assert.deepEqual(
        index.weeks.map(({ monday, wape }) => [monday, wape]),
        [
          ['2024-12-30', 20 / 350],
          ['2025-01-06', 60 / 140],
        ],
      );
      assert.deepEqual(await site(1), {
        days: {
          ...{ predicted: [50, 60, 0, 30, 35], lower: [0, 0, 0, 0, 0], upper: Array(5).fill(500) },
          ...{ actual: [50, null, 0, 40, null], lastYear: [] },
        },
        weeks: [0, 10 / 40],
      });
      assert.deepEqual([index.offNow[0]?.key, index.measured.wape], ['Évry', 0.12]);
      // On a past day only those count that reported; the band of a sum is not known.
      assert.deepEqual(index.all.predicted, [140, 210, 0, 180, 155]);
      assert.deepEqual(index.all.actual, [150, 200, 0, 140, null]);
      assert.deepEqual(index.all.upper, []);
    });

    test('is not read where its tables are larger than a page may read', async () => {
      await store({ ...FILES, 'predictions.csv': DAYS.padEnd(17 * 1024 * 1024, '\n') });
      assert.deepEqual(await readOf(forecasts()), { kind: 'too-large', object: `${FOLDER}predictions.csv` });
      assert.deepEqual(reads, ['output.json']);
    });
  });

  test('an unknown publication is refused, each time anew', async () => {
    const kept = forecasts();
    for (let time = 0; time < 2; time++)
      await assert.rejects(
        kept.publication('nope', PIPELINE, { warehouse: NO_WAREHOUSE, results }),
        (error) => error instanceof PageProblem && error.kind === 'not-found',
      );
  });

  test('letters find a name whatever their accents and case', () => {
    assert.ok(isWithin('begles', ['Évry', 'Bègles 2']) && isWithin('ÉV', ['evry']));
    assert.ok(!isWithin('lyon', ['Évry']));
  });

  describe('the days as CSV', () => {
    const day = [1, 2];
    const series: Series = {
      ...{ kind: 'site', key: 'S0', name: 'x', code: 'S0', cluster: 'Nord', wape: null, bias: null },
      ...{ naiveMeanOfFour: null, offNow: null, weeks: [], object: 'o' },
      days: { predicted: day, lower: day, upper: [null, 4], actual: [7], lastYear: [] },
    };
    const forecast = {
      index: { firstDay: '2025-01-01', lastDay: '2025-01-02', lastActual: '2025-01-01' },
    } as unknown as ReadForecast;

    test('leave unknown cells empty', () => {
      assert.equal(
        forecastRows(forecast, series),
        '\ufeffsite,code,cluster,date,actual,forecast,lower,upper,last_year\r\n' +
          'x,S0,Nord,2025-01-01,7,1,1,,\r\nx,S0,Nord,2025-01-02,,2,2,4,\r\n',
      );
    });

    test('hold no cell that a spreadsheet takes for a formula', () => {
      for (const name of [
        '=1+1',
        '+1',
        '-1',
        '@SUM(A1)',
        '\t=1',
        '\r=1',
        '＝1',
        '＋1',
        '－1',
        '＠x',
        '=cmd|"/c calc"!A1',
      ])
        for (const cells of [{ name }, { code: name }, { cluster: name }]) {
          const line = forecastRows(forecast, { ...series, ...cells }).split('\r\n')[1] ?? '';
          assert.ok(!/(^|,)"?[\t\r]*[=+\-@＝＋－＠]/.test(line), JSON.stringify(line));
        }
    });

    test('are saved under a name that any header and file system takes', () => {
      const named = (key: string) => fileName('carmila-000001-3fa9c1d2', { kind: 'site', key }, '.csv');
      assert.equal(named('A1'), 'carmila-000001-3fa9c1d2-site-A1.csv');
      assert.match(named('"../\r\nx=é😀'), /^[\w.-]+$/);
      assert.ok(named('x'.repeat(200)).length < 100);
    });
  });
});
