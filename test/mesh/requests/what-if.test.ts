// `sluice request forecast-what-if`, as its users type it: over the mesh that has published Carmila's sample.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { whatIfResult } from '../../../models/forecast/what-if.ts';
import { run, type Ended } from '../commands.ts';
import { date } from '../../jobs/forecast/folder.ts';
import { documentedKeys } from '../documented-keys.ts';
import { withFlux } from '../folders.ts';
import { startMesh, sweeping, type RunningMesh } from '../start-mesh.ts';
import { deliveries } from '../deliveries.ts';

const ANA = ['--as', 'ana@example.com'];
/** Friday. The malls are closed on Sundays. */
const LAST_ACTUAL = '2025-01-31';
const OTHER_OPENINGS = JSON.stringify([
  { site: 'Évry', date: '2025-02-04', open: false },
  { site: 'begles', weekday: 'sunday', open: true },
]);

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh();
  const days = Array.from({ length: 31 }, (_, index) => `2025-01-${String(index + 1).padStart(2, '0')}`);
  const rows = days.flatMap((day) => {
    const isSunday = new Date(day).getUTCDay() === 0;
    return [
      ['A1', date(day), isSunday ? 0 : 100],
      ['A2', date(day), isSunday ? 0 : 200],
    ];
  });
  mesh.put(withFlux(...rows));
  const { outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
});
after(() => mesh.close());

/** Where no hint arrives, sweeps start what is requested. */
const sweep = () => (deliveries === 'never' ? mesh.fire('sweep') : Promise.resolve());

const sluice = (...words: readonly string[]): Promise<Ended> =>
  sweeping(sweep, () => run('sluice', '--data', mesh.folders.data, '--json', ...words));

async function answered(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await sluice(...words);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const ask = (...words: readonly string[]) => [
  ...ANA,
  ...['request', 'forecast-what-if', '--set', `openings=${OTHER_OPENINGS}`, '--set', 'horizon_days=14'],
  ...words,
];

let first: Record<string, unknown>;

test('other openings change the forecast, and the published one stands beside it', async () => {
  const file = join(mesh.folders.data, 'forecast.json');
  first = await answered(...ask('--key', 'openings', '--wait', '--out', file));
  assert.deepEqual([first['state'], first['file'], first['key']], ['succeeded', file, 'openings']);
  const result = whatIfResult.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual([result.lastActual, result.rows.length], [LAST_ACTUAL, 28]);
  const changed = result.rows.filter(({ forecast, published }) => forecast !== published.forecast);
  assert.deepEqual(
    changed.map(({ site, date: day, open }) => [site, day, open]),
    [
      ['Évry', '2025-02-04', false],
      ['Bègles', '2025-02-02', true],
      ['Bègles', '2025-02-09', true],
    ],
  );
  const table = await mesh.query(
    'SELECT nom_mall, date, donnees_predites FROM `carmila_data.predictions_carmila` ' +
      "WHERE date > '2025-01-31' AND date <= '2025-02-14'",
  );
  const inTable = new Map(
    table.map(({ nom_mall, date: day, donnees_predites }) => [
      `${String(nom_mall)} ${(day as { value: string }).value}`,
      Number(donnees_predites),
    ]),
  );
  for (const { site, date: day, published } of result.rows)
    assert.equal(published.forecast, inTable.get(`${site} ${day}`), `${site} ${day}`);
});

test('nothing is published to the tables by it', async () => {
  assert.equal((await mesh.ledger()).length, 1);
});

test('the same key is the same job, and another body under it is refused', async () => {
  const again = await answered(...ask('--key', 'openings'));
  assert.equal(again['job'], first['job']);
  const jobs = (await answered(...ANA, 'jobs')) as unknown as { job: string }[];
  assert.deepEqual(
    jobs.map(({ job }) => job),
    [first['job']],
  );
  const { code, stderr } = await sluice(...ANA, 'request', 'forecast-what-if', '--key', 'openings');
  assert.equal(code, 1);
  assert.match(stderr, /The Idempotency-Key belongs to an earlier request/);
});

test('a site that the data does not have fails the job with its pointer and the nearest name', async () => {
  const { code, stdout } = await sluice(
    ...ANA,
    'request',
    'forecast-what-if',
    '--set',
    'sites=["Evri"]',
    '--wait',
  );
  assert.equal(code, 1);
  const { state, code: why, reason } = JSON.parse(stdout) as Record<string, string>;
  assert.deepEqual([state, why], ['failed', 'INPUT_REFUSED']);
  assert.match(
    reason ?? '',
    /^\/sites\/0: expected the name or the code of a site of the input, such as "Évry"/,
  );
});

test('what the schema refuses is refused at once, with the field', async () => {
  const { code, stderr } = await sluice(...ANA, 'request', 'forecast-what-if', '--set', 'horizon_days=85');
  assert.equal(code, 1);
  assert.match(stderr, /\/parameters\/horizon_days: /);
});

test('another caller sees none of it, and one that the stack does not name requests nothing', async () => {
  const job = String(first['job']);
  const other = await sluice('--as', 'bob@example.com', 'job', job);
  assert.equal(other.code, 1);
  assert.match(other.stdout, /"RUN_NOT_FOUND"/);
  assert.deepEqual(await answered('--as', 'bob@example.com', 'jobs'), []);
  const unlisted = await sluice('--as', 'eve@example.net', 'request', 'forecast-what-if');
  assert.equal(unlisted.code, 1);
});

test('a token of the local cloud is accepted by the API as it is', async () => {
  const { stdout } = await run('sluice', '--data', mesh.folders.data, ...ANA, 'token');
  const headers = { authorization: `Bearer ${stdout.trim()}` };
  const answer = await fetch(`${mesh.cloud.functionUrl('read-requests')}/pipeline/jobs`, { headers });
  assert.equal(answer.status, 200, await answer.text());
});

test('the attachment is fetched by its name, and the keys are those of docs/CLI.md', async () => {
  const job = String(first['job']);
  const file = join(mesh.folders.data, 'forecast.csv');
  const printed = {
    job: await answered(...ANA, 'job', job),
    jobs: ((await answered(...ANA, 'jobs')) as unknown as object[])[0],
    'request --estimate': await answered(...ask('--estimate')),
    token: await answered(...ANA, 'token'),
  };
  for (const [verb, found] of Object.entries(printed))
    assert.deepEqual(
      Object.keys(found ?? {}).toSorted(),
      documentedKeys(verb)
        .filter((key) => !ESTIMATE_KEYS.has(key))
        .toSorted(),
      verb,
    );
  await answered(...ANA, 'job', job, 'result', '--file', 'forecast.csv', '--out', file);
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 29);
});

/** Those of the object in `estimate`. */
const ESTIMATE_KEYS = new Set(['low', 'expected', 'high', 'currency', 'basis', 'hash']);
