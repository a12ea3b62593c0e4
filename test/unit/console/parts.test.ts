// A part of a page that cannot be read: the page shows the rest, and says which part, why and what to do; 503 without what it is about.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import { isMissing, LONGEST_PARTS_MS, Parts } from '../../../functions/console/reading/part.ts';
import { DeadLettersRead } from '../../../functions/console/reading/dead-letters.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { requestObject, stateObject } from '../../../shared/runs/names.ts';
import { tableName, tablesOf } from '../../../shared/pipelines/outputs.ts';
import { ConsolePlace } from './console-place.ts';

const RUN = '000002-3fa9c1d2';
const DENIED = new TransientError('the call requires bigquery.jobs.create', { code: 'PERMISSION_DENIED' });
const SILENT = new TransientError('status 500', { code: 'SERVICE_UNAVAILABLE' });

let place: ConsolePlace;
/** The limits that pages have set. Here a hundredth of each passes, which reads of memory never take. */
let limits: number[];

/** An entry of the ledger, as a query returns it. */
function enter(ordinal: number): void {
  const run = `00000${ordinal}-3fa9c1d2`;
  const [table] = tablesOf(carmila);
  const object = `carmila/${run}/attempt-1/predictions.csv`;
  const output = {
    table: tableName(table!),
    object,
    generation: '1',
    crc32c: 'AAAAAA==',
    rows: 172,
    job: null,
  };
  place.ledger.push({
    ...{ publication_id: `carmila-${run}`, ordinal, kind: 'run', run, attempt: 1, row_count: 172 },
    ...{ data_as_of: null, gate: 'passed', gate_detail: null, replayed_by: null, replay_reason: null },
    ...{ published_at: new Date(place.nowMs).toISOString(), outputs: JSON.stringify([output]) },
  });
}

const failing = (pattern: RegExp, error: Error) => {
  place.fault = (call) => (pattern.test(call) ? Promise.reject(error) : undefined);
};
type Lacking = { readonly problem: { readonly code: string; readonly reason: string } };
/** As far as these tests look at it. */
interface Page {
  readonly code: string;
  readonly detail: string;
  readonly count: number;
  readonly attention: number;
  readonly standings: readonly object[];
  readonly unread: readonly (Lacking & { readonly pipeline: string })[];
  readonly standing: Lacking & { readonly condition: string };
  readonly publications: Lacking & readonly object[];
  readonly files: readonly object[];
  readonly check: Lacking;
  readonly entries: Lacking;
  readonly from: { readonly ordinal: number };
  readonly tables: readonly Lacking[];
  readonly actuals: readonly { readonly executions: Partial<Lacking> }[];
  readonly figures: { readonly prices: readonly object[] };
}

const text = async (path: string, status = 200): Promise<string> => {
  const answer = await place.get(path);
  const body = Buffer.from(answer.bytes).toString();
  assert.equal(answer.status, status, `${path}: ${body}`);
  return body;
};
const json = async (path: string, status = 200) => JSON.parse(await text(path, status)) as Page;

describe('a page that lacks a part', () => {
  beforeEach(async () => {
    limits = [];
    const wait = (ms: number) => {
      limits.push(ms);
      return new Promise<void>((over) => setTimeout(over, ms / 100));
    };
    place = await ConsolePlace.open([carmila, bikes], undefined, { wait });
    for (const { name } of [carmila, bikes]) await place.publish(name, 2);
    for (const ordinal of [1, 2]) enter(ordinal);
  });

  describe('Now', () => {
    test('shows the other pipelines where the state of one is malformed, and counts it as one that needs a person', async () => {
      const state = await place.runs.info(stateObject('bikes'));
      await place.runs.replace(stateObject('bikes'), state?.generation ?? '', '{', 'application/json');
      const data = await json('/index.json');
      assert.deepEqual([data.standings.length, data.attention], [1, 1]);
      assert.deepEqual(
        data.unread.map(({ pipeline, problem }) => [pipeline, problem.code]),
        [['bikes', 'OBJECT_MALFORMED']],
      );
      assert.match(
        await text('/'),
        /not readable[^]*gs:\/\/runs\/bikes\/state\.json is not JSON[^]*Restore the version/,
      );
      assert.match(await text('/?lang=fr'), /illisible[^]*Restaurez la version précédente/);
    });

    test('is read again by each poll while a part is missing, whatever version it has', async () => {
      failing(/readText runs\/bikes\/state\.json/, SILENT);
      const { headers } = await place.get('/');
      place.fault = () => undefined;
      const known = { 'if-none-match': headers['etag'] ?? '' };
      const later = await place.get('/', known);
      assert.equal(later.status, 200);
      assert.equal((await place.get('/', { 'if-none-match': later.headers['etag'] ?? '' })).status, 304);
    });

    test('is a 503 with the code where no state can be read', async () => {
      failing(/readText runs\//, DENIED);
      const { code, detail } = await json('/index.json', 503);
      assert.deepEqual([code, detail], ['PERMISSION_DENIED', DENIED.message]);
      assert.match(await text('/', 503), /Grant the right/);
    });
  });

  describe('Is it right?', () => {
    for (const [why, fault, code, next] of [
      ['refuses', Promise.reject(DENIED), 'PERMISSION_DENIED', /Grant the right/],
      ['answers 500', Promise.reject(SILENT), 'SERVICE_UNAVAILABLE', /Reload the page/],
      ['never answers', new Promise(() => undefined), 'SERVICE_UNAVAILABLE', /no answer within 10 s/],
    ] as const) {
      fault.catch(() => undefined);
      test(`says where the pipeline stands while BigQuery ${why}`, async () => {
        place.fault = (call) => (call === 'query ledger' ? fault : undefined);
        const { standing, publications } = await json('/p/carmila.json');
        assert.deepEqual([standing.condition, publications.problem.code], ['fresh', code]);
        const page = await text('/p/carmila');
        assert.match(page, /What is published could not be read from the ledger/);
        assert.match(page, next);
        assert.match(await text('/p/carmila?lang=fr'), /n’a pas pu être lu dans le registre/);
        assert.ok(limits.some((ms) => ms === LONGEST_PARTS_MS));
        assert.equal((await json(`/p/carmila.json?at=carmila-${RUN}`, 503)).code, code);
      });
    }

    test('shows what is published where the state is malformed, or the run or the stored output cannot be read', async () => {
      failing(/ runs\/carmila\/state\.json/, SILENT);
      const stateless = await json('/p/carmila.json');
      assert.deepEqual([stateless.standing.problem.code, stateless.publications.length], [SILENT.code, 2]);
      failing(new RegExp(`readText runs/${requestObject('carmila', RUN)}`), SILENT);
      assert.match(
        await text('/p/carmila'),
        /The files and the end of the run could not be read[^]*carmila-000001/,
      );
      failing(/info results\//, DENIED);
      const unchecked = await json('/p/carmila.json');
      assert.deepEqual([unchecked.check.problem.code, unchecked.files.length], [DENIED.code, 0]);
    });
  });

  test('What changed shows the other tables where the rows of one cannot be read, and is a 503 without the ledger', async () => {
    failing(/info results\//, SILENT);
    const { tables, from } = await json('/p/carmila/changes.json');
    assert.deepEqual([tables[0]?.problem.code, from.ordinal], [SILENT.code, 1]);
    assert.match(await text('/p/carmila/changes'), /The stored rows could not be read/);
    failing(/query ledger/, DENIED);
    for (const path of ['changes', 'sources'])
      assert.equal((await json(`/p/carmila/${path}.json`, 503)).code, DENIED.code);
  });

  test('Cost shows the other pipelines and the month where one cannot be read; a page of that one is a 503', async () => {
    failing(/first results\/bikes/, SILENT);
    const { actuals, figures } = await json('/cost.json');
    assert.deepEqual(
      actuals.map(({ executions }) => executions.problem?.code ?? 'read'),
      ['read', SILENT.code],
    );
    assert.ok(figures.prices.length > 0);
    assert.match(await text('/cost'), /What its runs have cost could not be read/);
    await text('/cost?pipeline=bikes', 503);
  });

  test('Dead letters are listed where the last commands on them cannot be read', async () => {
    failing(/ audit\//, DENIED);
    const { count, entries } = await json('/dead-letters.json');
    assert.deepEqual([count, entries.problem.code], [0, DENIED.code]);
    assert.match(await text('/dead-letters'), /The last commands on dead letters could not be read/);
  });

  test('a person whom handle-commands refuses is told so: 403, and no part that is missing', async () => {
    const error = new PermanentError('no operator', { code: 'CALLER_NOT_ALLOWED' });
    const refusing = new DeadLettersRead({
      list: () => Promise.reject(error),
      now: () => place.nowMs,
      wait: () => new Promise(() => undefined),
      log: pino({ level: 'silent' }),
    });
    place = await ConsolePlace.open([carmila], undefined, { deadLetters: refusing });
    assert.equal((await json('/dead-letters.json', 403)).detail, 'no operator');
  });

  test('a page whose service is silent altogether ends within a minute', async () => {
    place.fault = () => new Promise(() => undefined);
    assert.equal((await json('/p/carmila/runs.json', 503)).code, 'SERVICE_UNAVAILABLE');
    assert.deepEqual(limits, [60_000]);
  });

  test('a part is not read, nor is work begun that waited for its turn, once the time of the page is over', async () => {
    let nowMs = 0;
    const parts = new Parts({
      now: () => nowMs,
      wait: () => new Promise(() => {}),
      log: pino({ level: 'silent' }),
    });
    let reads = 0;
    const read = () => Promise.resolve(++reads);
    assert.equal(await parts.read('a part', read), 1);
    nowMs = LONGEST_PARTS_MS;
    const late = await parts.read('a part', read);
    assert.ok(isMissing(late) && late.problem.code === 'SERVICE_UNAVAILABLE');
    assert.throws(() => parts.requireTime(), { code: 'SERVICE_UNAVAILABLE' });
    assert.equal(reads, 1);
  });
});
