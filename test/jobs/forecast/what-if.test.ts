// A requested run of the job: other openings over those of the workbook, beside the published forecast.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatIfResult, type WhatIfResult } from '../../../models/forecast/what-if.ts';
import { blendedEngine } from '../../../jobs/forecast/engine/blended.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import type { ForecastPorts } from '../../../jobs/forecast/attempt.ts';
import { forecast } from '../../../jobs/forecast/forecast.ts';
import { resultAsCsv } from '../../../jobs/forecast/what-if/result.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { OutputManifest } from '../../../shared/outputs/manifest.ts';
import { dayOf, isoDateOf } from '../../../jobs/forecast/series/panel.ts';
import { date, flux, LONG_HEADER, openings, OPENINGS_HEADER, transco, TRANSCO_HEADER } from './folder.ts';
import { frozenInMemory, RUN } from './run-job.ts';
import { xlsx, type TestCell } from './workbooks.ts';

const NOW = '2025-03-31T10:00:00Z';
const ATTEMPT = { pipeline: 'carmila', run: RUN, attempt: 1, horizonDays: 84, country: 'FR' };
const FOLDER = `carmila/${RUN}/attempt-1/`;

/** Three sites, closed on Sundays, from 1 January 2024 to Sunday 9 March 2025; Bègles opens on Sunday 16 March. */
const WORKBOOKS = (() => {
  const rows: TestCell[][] = [];
  for (let day = dayOf('2024-01-01'); day <= dayOf('2025-03-09'); day += 1) {
    const isSunday = new Date(day * 86_400_000).getUTCDay() === 0;
    for (const [code, visits] of [
      ['A1', 100],
      ['A2', 250],
      ['A3', 400],
    ] as const)
      rows.push([code, date(isoDateOf(day)), isSunday ? 0 : visits + (day % 5)]);
  }
  const of = (year: string) => rows.filter(([, cell]) => (cell as { date: string }).date.startsWith(year));
  const sites = [
    ['A1', 'Évry', 'Nord'],
    ['A2', 'Bègles', 'Sud'],
    ['A3', 'Évreux', 'Nord'],
    ['A4', 'Nouveau', 'Nord'],
  ];
  return [
    flux(xlsx([LONG_HEADER, ...of('2024')]), '2024 flux quotidiens.xlsx'),
    flux(xlsx([LONG_HEADER, ...of('2025')])),
    transco(xlsx([TRANSCO_HEADER, ...sites])),
    openings(xlsx([OPENINGS_HEADER, ['Bègles', date('2025-03-16'), 'Oui']])),
  ];
})();

interface Ran {
  readonly manifest: OutputManifest;
  readonly results: MemoryStore;
  readonly logged: string;
}

/** `parameters` undefined: the run of a publication. */
async function run(parameters: unknown, attempt = ATTEMPT): Promise<Ran> {
  const text = JSON.stringify({ kind: 'content', parameters });
  const asked =
    parameters === undefined
      ? []
      : [{ role: 'parameters', name: 'parameters.json', bytes: Buffer.from(text) }];
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify(fields) + message);
  const ports: ForecastPorts & { results: MemoryStore } = {
    runs: await frozenInMemory([...WORKBOOKS, ...asked], NOW),
    results: new MemoryStore('results'),
    engine: blendedEngine(seasonalEngine('FR')),
    clock: () => new Date(NOW),
    log: { info: log, warn: log },
  };
  const manifest = await forecast(ports, attempt);
  return { manifest, results: ports.results, logged: logged.join('\n') };
}

const textOf = async ({ results }: Ran, name: string): Promise<string> =>
  (await results.readText(FOLDER + name, 1e8))?.text ?? assert.fail(`there is no ${name}`);

async function resultOf(parameters: unknown): Promise<WhatIfResult> {
  const ran = await run(parameters);
  assert.ok(ran.manifest.kind === 'output', JSON.stringify(ran.manifest));
  return whatIfResult.parse(JSON.parse(await textOf(ran, 'forecast.json')));
}

async function problemsOf(parameters: unknown, attempt = ATTEMPT) {
  const ran = await run(parameters, attempt);
  assert.ok(ran.manifest.kind === 'refusal', JSON.stringify(ran.manifest));
  assert.deepEqual(
    (await ran.results.list('', 10)).map(({ name }) => name),
    [`${FOLDER}output.json`],
  );
  return {
    ...ran.manifest,
    logged: ran.logged,
    places: ran.manifest.problems.map(({ column, found, expected }) => `${column}: ${found}; ${expected}`),
  };
}

test('an opening on a Sunday is forecast beside the published day, and nothing else changes', async () => {
  const result = await resultOf({
    openings: [{ site: 'Évry', date: '2025-03-23', open: true }],
    horizon_days: 21,
  });
  assert.equal(result.rows.length, 3 * 21);
  const [changed, ...others] = result.rows.filter(
    ({ published, ...day }) => day.forecast !== published.forecast,
  );
  assert.equal(others.length, 0);
  assert.deepEqual([changed?.site, changed?.date, changed?.open], ['Évry', '2025-03-23', true]);
  assert.deepEqual(changed?.published, { open: false, forecast: 0, low: 0, high: 0 });
  assert.ok(changed.forecast > 90 && changed.forecast < 110, `${changed.forecast}`);
  assert.ok(changed.low <= changed.forecast && changed.forecast <= changed.high);
  assert.equal(result.changedDays, 1);
  assert.equal(result.total.difference, changed.forecast);
  assert.equal(result.total.forecast - result.total.published, changed.forecast);
  assert.deepEqual(
    [result.lastActual, result.firstDay, result.lastDay],
    ['2025-03-09', '2025-03-10', '2025-03-30'],
  );
});

test('the published side is what the tables of a publication of the same input hold', async () => {
  const published = await run(undefined);
  const tables = await textOf(published, 'predictions_intervals.csv');
  const result = await resultOf({ openings: [{ weekday: 'monday', open: false }] });
  const expected = tables.split('\n').filter((line) => (line.split(',')[2] ?? '') >= '2025-03-10');
  const own = result.rows.map(({ site, date: day, published: { forecast: visitors, low, high } }) =>
    [site, site === 'Bègles' ? 'Sud' : 'Nord', day, visitors, low, high].join(','),
  );
  assert.deepEqual(
    own,
    expected.filter((line) => line !== '' && !line.startsWith('nom_mall')),
  );
  assert.equal(own.length, 3 * 84);
});

test('a weekday stands for every such day, a later entry replaces an earlier one, and the workbook stays below', async () => {
  const result = await resultOf({
    sites: ['begles', 'A3'],
    openings: [
      { weekday: 'sunday', open: true },
      { site: 'Evreux', date: '2025-03-23', open: false },
    ],
    horizon_days: 14,
  });
  assert.deepEqual(
    result.rows
      .filter(({ open, published }) => open !== published.open)
      .map(({ site, date: day }) => `${site} ${day}`),
    // The census opens Bègles on the 16th already.
    ['Bègles 2025-03-23', 'Évreux 2025-03-16'],
  );
  assert.deepEqual([...new Set(result.rows.map(({ site }) => site))], ['Bègles', 'Évreux']);
});

test('without openings both sides are the same', async () => {
  const result = await resultOf({ horizon_days: 7 });
  assert.equal(result.total.difference, 0);
  for (const { published, ...day } of result.rows)
    assert.deepEqual(day, { ...published, site: day.site, date: day.date });
});

test('a name that no site has is refused by its pointer, with the nearest names', async () => {
  const { places, reason, problemCount, logged } = await problemsOf({
    sites: ['Evri', 'Bègles'],
    openings: [{ site: 'Zanzibar', date: '2025-03-11', open: true }],
  });
  assert.deepEqual(places, [
    '/sites/0: "Evri"; the name or the code of a site of the input, such as "Évry", "Évreux"',
    '/openings/0/site: "Zanzibar"; the name or the code of a site of the input',
  ]);
  assert.equal(problemCount, 2);
  assert.ok(!reason.includes('Evri') && reason.startsWith('/sites/0: expected'), reason);
  assert.ok(!logged.includes('Evri') && !logged.includes('Zanzibar'), logged);
});

test('days before the end of the data and beyond the horizon are refused with the days that are accepted', async () => {
  const { places } = await problemsOf({
    openings: [
      { date: '2025-03-09', open: true },
      { date: '2025-03-24', open: true },
    ],
    horizon_days: 14,
  });
  const accepted =
    'a day from 2025-03-10, the day after the last actual, to 2025-03-23, the end of the horizon';
  assert.deepEqual(places, [
    `/openings/0/date: 2025-03-09; ${accepted}`,
    `/openings/1/date: 2025-03-24; ${accepted}`,
  ]);
});

test('a site without a visitor, one outside the request and too long a horizon are refused', async () => {
  const { places } = await problemsOf(
    {
      sites: ['Évry', 'Nouveau'],
      openings: [{ site: 'Bègles', weekday: 'sunday', open: true }],
      horizon_days: 50,
    },
    { ...ATTEMPT, horizonDays: 28 },
  );
  assert.deepEqual(places, [
    '/horizon_days: 50; at most 28 days',
    '/sites/1: "Nouveau"; a site with at least one day of visitors in the input',
    '/openings/0/site: "Bègles"; one of the sites in /sites',
  ]);
});

test('parameters that the pipeline does not declare are refused by pointer', async () => {
  for (const [parameters, pointers] of [
    [{ site: ['Évry'] }, ['']],
    [{ horizon_days: 85 }, ['/horizon_days']],
    [
      { openings: [{ open: true }, { date: '2025-02-30', open: 'yes' }] },
      ['/openings/0/date', '/openings/1/date', '/openings/1/open'],
    ],
  ] as const) {
    const { problems } = await problemsOf(parameters);
    assert.deepEqual(problems.map(({ column }) => column).toSorted(), pointers);
  }
});

test('the same request writes the same bytes, and a second try of the attempt accepts them', async () => {
  const parameters = { openings: [{ weekday: 'sunday', open: true }], horizon_days: 14 };
  const [one, other] = [await run(parameters), await run(parameters)];
  for (const name of ['forecast.json', 'forecast.csv'])
    assert.equal(await textOf(one, name), await textOf(other, name));
  assert.ok(one.manifest.kind === 'output');
  assert.deepEqual(
    one.manifest.files.map(({ name, rows }) => [name, rows]),
    [
      ['forecast.json', undefined],
      ['forecast.csv', 42],
    ],
  );
  assert.equal((one.manifest.summary as { rows?: unknown }).rows, undefined);
});

test('the CSV has a line for each day, and no cell that a spreadsheet runs', async () => {
  const ran = await run({ sites: ['A1'], openings: [{ date: '2025-03-16', open: true }], horizon_days: 7 });
  const lines = (await textOf(ran, 'forecast.csv')).trimEnd().split('\n');
  assert.equal(
    lines[0],
    'site,date,open,forecast,low,high,published_open,published_forecast,published_low,published_high',
  );
  assert.equal(lines.length, 8);
  assert.match(lines[7] ?? '', /^Évry,2025-03-16,yes,\d+,\d+,\d+,no,0,0,0$/);
  const day = { open: true, forecast: 1, low: 0, high: 2 };
  const hostile = ['=1+1', '@cmd', '-2', '+3', 'a "b", c'].map((site) => ({
    site,
    date: '2025-03-16',
    ...day,
    published: day,
  }));
  const chunks: Buffer[] = [];
  for await (const chunk of resultAsCsv({ rows: hostile } as unknown as WhatIfResult))
    chunks.push(Buffer.from(chunk as Buffer));
  const cells = Buffer.concat(chunks).toString().trimEnd().split('\n').slice(1);
  assert.deepEqual(
    cells.map((line) => line.slice(0, line.indexOf(',2025'))),
    ["'=1+1", "'@cmd", "'-2", "'+3", '"a ""b"", c"'],
  );
});
