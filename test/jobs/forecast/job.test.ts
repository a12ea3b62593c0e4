// The job's story from the input manifest to the output manifest, on buckets in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import type { ForecastPorts } from '../../../jobs/forecast/attempt.ts';
import { forecast } from '../../../jobs/forecast/forecast.ts';
import { dayOf, isoDateOf } from '../../../jobs/forecast/series/panel.ts';
import type { SourceFile } from '../../../jobs/forecast/workbook/read.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { date, flux, LONG_HEADER, openings, OPENINGS_HEADER, transco, TRANSCO_HEADER } from './folder.ts';
import { frozenInMemory, RUN } from './run-job.ts';
import { xlsx, type TestCell } from './workbooks.ts';

const ATTEMPT = { pipeline: 'carmila', run: RUN, attempt: 1, horizonDays: 14, country: 'FR' };
const FOLDER = `carmila/${RUN}/attempt-1/`;

interface World extends ForecastPorts {
  readonly runs: MemoryStore;
  readonly results: MemoryStore;
}

async function panelWith(files: readonly SourceFile[], now = '2025-03-31T10:00:00Z'): Promise<World> {
  return {
    runs: await frozenInMemory(files, now),
    results: new MemoryStore('results'),
    engine: seasonalEngine('FR'),
    clock: () => new Date(now),
    log: { info: () => undefined, warn: () => undefined },
  };
}

/** Two sites, ten weeks to Sunday 9 March 2025, closed on Sundays. */
const goodFiles = (): readonly SourceFile[] => {
  const rows: TestCell[][] = [];
  for (let day = dayOf('2024-12-30'); day <= dayOf('2025-03-09'); day += 1) {
    const isSunday = new Date(day * 86_400_000).getUTCDay() === 0;
    for (const [code, visits] of [
      ['A1', 100],
      ['A2', 250],
    ] as const) {
      rows.push([code, date(isoDateOf(day)), isSunday ? 0 : visits]);
    }
  }
  const of = (year: string) => rows.filter(([, cell]) => (cell as { date: string }).date.startsWith(year));
  return [
    flux(xlsx([LONG_HEADER, ...of('2024')]), '2024 flux quotidiens.xlsx'),
    flux(xlsx([LONG_HEADER, ...of('2025')])),
    transco(xlsx([TRANSCO_HEADER, ['A1', 'Évry, "2"', 'Nord'], ['A2', 'Bègles', 'Sud']])),
    openings(
      xlsx([OPENINGS_HEADER, ['Bègles', date('2025-03-16'), 'Oui'], ['Bègles', date('2025-03-17'), 'Non']]),
    ),
  ];
};

const textOf = async (store: MemoryStore, name: string) => (await store.readText(name, 1e8))?.text ?? '';

test('every site and day from 1 January to the horizon is in the table, actuals where known', async () => {
  const panel = await panelWith(goodFiles());
  const manifest = await forecast(panel, ATTEMPT);
  const csv = await textOf(panel.results, `${FOLDER}predictions.csv`);
  const lines = csv.trimEnd().split('\n');
  assert.equal(lines[0], 'nom_mall,cluster,date,donnees_reelles,donnees_predites');
  // 1 January to 9 March is 68 days; 14 more to come; two sites.
  assert.equal(lines.length - 1, (68 + 14) * 2);
  assert.ok(lines.includes('"Évry, ""2""",Nord,2025-03-10,,100'), lines.slice(70, 80).join('\n'));
  assert.ok(lines.includes('Bègles,Sud,2025-03-08,250,250'));
  assert.ok(lines.includes('Bègles,Sud,2025-03-09,0,0'), 'closed on Sundays, as learnt');
  assert.ok(lines.includes('Bègles,Sud,2025-03-16,,250'), 'exceptionally open on a Sunday');
  assert.ok(lines.includes('Bègles,Sud,2025-03-17,,0'), 'exceptionally closed on a Monday');
  assert.equal(manifest.kind, 'output');
  assert.equal(manifest.kind === 'output' && manifest.rows, 164);
});

test('the second table has the same sites and days, and bounds on both sides of what is predicted', async () => {
  const panel = await panelWith(goodFiles());
  const manifest = await forecast(panel, ATTEMPT);
  const rowsOf = async (name: string) =>
    (await textOf(panel.results, FOLDER + name)).trimEnd().split('\n').slice(1);
  const intervals = await textOf(panel.results, `${FOLDER}predictions_intervals.csv`);
  assert.equal(intervals.split('\n')[0], 'nom_mall,cluster,date,donnees_predites,borne_basse,borne_haute');
  const first = await rowsOf('predictions.csv');
  const second = await rowsOf('predictions_intervals.csv');
  assert.deepEqual(
    second.map((row) => row.replace(/,\d+,\d+$/, '')),
    first.map((row) => row.replace(/,\d*,(\d+)$/, ',$1')),
  );
  for (const row of second) {
    const [predicted = Number.NaN, lower = Number.NaN, upper = Number.NaN] = row
      .split(',')
      .slice(-3)
      .map(Number);
    assert.ok(lower >= 0 && lower <= predicted && predicted <= upper, row);
    if (predicted === 0) assert.equal(upper, 0, row);
  }
  assert.ok(manifest.kind === 'output');
  assert.deepEqual(
    manifest.files.map(({ rows }) => rows),
    [164, 164, ...Array<undefined>(6).fill(undefined)],
  );
});

test('the summary holds what the gate and the console read', async () => {
  const manifest = await forecast(await panelWith(goodFiles()), ATTEMPT);
  assert.ok(manifest.kind === 'output');
  const { wape, ...rest } = manifest.summary ?? {};
  // The first week of this history has no earlier visitors: it is forecast from one day.
  assert.ok(typeof wape === 'number' && wape >= 0 && wape < 0.2, String(wape));
  assert.deepEqual(Object.keys(rest), [
    'wapeHorizon',
    'bias',
    'naiveLastWeek',
    'naiveMeanOfFour',
    'coverage',
    'sitesOffNow',
    'engine',
    'sites',
    'excludedSites',
    'firstDay',
    'lastActual',
    'lastDay',
    'errorsByDay',
  ]);
  assert.deepEqual([rest['engine'], rest['sites'], rest['excludedSites']], ['seasonal-baseline', 2, 0]);
});

test('the manifest names the files with the sizes and checksums that the store has', async () => {
  const panel = await panelWith(goodFiles());
  const manifest = await forecast(panel, ATTEMPT);
  assert.ok(manifest.kind === 'output');
  assert.deepEqual(
    manifest.files.map(({ name }) => name),
    [
      ...['predictions.csv', 'predictions_intervals.csv', 'metrics.json'],
      ...['forecast/index.json', 'forecast/clusters.json', 'forecast/sites-1.json'],
      ...['report.html', 'report.fr.html'],
    ],
  );
  for (const file of manifest.files) {
    const info = await panel.results.info(file.object);
    assert.deepEqual([info?.sizeBytes, info?.crc32c], [file.sizeBytes, file.crc32c]);
  }
  const stored = JSON.parse(await textOf(panel.results, `${FOLDER}output.json`)) as object;
  assert.deepEqual(stored, manifest);
});

test('the same input gives the same bytes', async () => {
  const [one, other] = [await panelWith(goodFiles()), await panelWith(goodFiles(), '2025-03-31T11:11:11Z')];
  await forecast(one, ATTEMPT);
  await forecast(other, ATTEMPT);
  for (const name of [
    'predictions.csv',
    'predictions_intervals.csv',
    'metrics.json',
    ...['forecast/index.json', 'forecast/clusters.json', 'forecast/sites-1.json'],
    'report.html',
    'report.fr.html',
  ]) {
    const text = await textOf(one.results, FOLDER + name);
    assert.ok(text.length > 100);
    assert.equal(text, await textOf(other.results, FOLDER + name));
  }
});

test('a second try of the same attempt meets what the first wrote, whichever part that was', async () => {
  const first = await panelWith(goodFiles());
  const manifest = await forecast(first, ATTEMPT);
  for (const written of [
    ['predictions.csv'],
    ['predictions.csv', 'metrics.json'],
    [
      'predictions.csv',
      'predictions_intervals.csv',
      'metrics.json',
      ...['forecast/index.json', 'forecast/clusters.json', 'forecast/sites-1.json'],
      'report.html',
      'report.fr.html',
      'output.json',
    ],
  ]) {
    const second = await panelWith(goodFiles(), '2025-03-31T12:00:00Z');
    for (const name of written) {
      await second.results.create(FOLDER + name, await textOf(first.results, FOLDER + name), 'text/plain');
    }
    const again = await forecast(second, ATTEMPT);
    assert.deepEqual({ ...again, writtenAt: '' }, { ...manifest, writtenAt: '' });
  }
});

test('other content under the name of this attempt is an error, and no manifest is written', async () => {
  const panel = await panelWith(goodFiles());
  await panel.results.create(`${FOLDER}predictions.csv`, 'something else', 'text/csv');
  await assert.rejects(forecast(panel, ATTEMPT), /predictions\.csv exists with other content/);
  assert.equal(await panel.results.info(`${FOLDER}output.json`), undefined);
});

test('a file that is not what was frozen is an error, and no manifest is written', async () => {
  const panel = await panelWith(goodFiles());
  const name = `carmila/${RUN}/input/transco-2.xlsx`;
  const info = await panel.runs.info(name);
  assert.ok(info);
  await panel.runs.replace(name, info.generation, 'x'.repeat(info.sizeBytes), 'text/plain');
  await assert.rejects(forecast(panel, ATTEMPT), /transco-2\.xlsx .* has md5 .*; expected /);
  assert.deepEqual(await panel.results.list('', 10), []);
});

test('input that cannot be used gives a refusal that names the place, and no table', async () => {
  const files = goodFiles().filter(({ role }) => role !== 'flux');
  const bad = flux(xlsx([LONG_HEADER, ['A1', date('2025-01-01'), -3]]));
  const panel = await panelWith([...files, bad]);
  const manifest = await forecast(panel, ATTEMPT);
  assert.ok(manifest.kind === 'refusal');
  assert.match(
    manifest.reason,
    /2025 flux quotidiens\.xlsx, sheet "Feuil1", row 2, column C: found the number -3; expected a whole number/,
  );
  assert.equal(manifest.problemCount, 1);
  assert.deepEqual(
    (await panel.results.list('', 10)).map(({ name }) => name),
    [`${FOLDER}output.json`],
  );
});

test('a run without an input manifest is an error that names the missing object', async () => {
  const panel = await panelWith([]);
  await assert.rejects(
    forecast(panel, { ...ATTEMPT, run: '000002-3fa9c1d2' }),
    /gs:\/\/runs\/carmila\/000002-3fa9c1d2\/input\.json does not exist/,
  );
});
