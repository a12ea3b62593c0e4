// What read-requests shows of one job: each of its states, what a poll costs, and its result.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { toJson } from '../../../shared/objects/json.ts';
import { passApproval } from '../../../shared/requests/gates.ts';
import { contentObject } from '../../../shared/requests/names.ts';
import { manifestObject } from '../../../shared/runs/names.ts';
import type { Outcome } from '../../../shared/runs/outcome.ts';
import { ADA, APPROVER, BOB, EVE, refusedAs } from '../api/api-place.ts';
import { JobPlace, stateIn } from './job-place.ts';

const MINUTE_MS = 60_000;

describe('a job', () => {
  let place: JobPlace;
  beforeEach(() => {
    place = new JobPlace();
  });
  const request: JobPlace['request'] = (...given) => place.request(...given);

  test('is shown in each state on its way, with its history', async () => {
    const job = await request('asked-first');
    assert.equal(stateIn(await job.get()), 'waiting-approval');
    await job.take();
    assert.equal(stateIn(await job.get()), 'waiting-approval');
    place.nowMs += MINUTE_MS;
    await passApproval(place.runs, 'asked-first', job.run, {
      kind: 'approve',
      by: APPROVER,
      reason: 'r',
      at: place.at,
      estimateHash: '',
    });
    assert.equal(stateIn(await job.get()), 'queued');
    await job.start();
    assert.equal(stateIn(await job.get()), 'starting');
    await job.execute();
    const running = await job.get();
    assert.partialDeepStrictEqual(running.body, { state: 'running', done: false, position: null });
    await job.end('published');
    const { body } = await job.get();
    assert.partialDeepStrictEqual(body, { state: 'succeeded', done: true });
    assert.deepEqual(
      (body['history'] as { state: string }[]).map(({ state }) => state),
      ['waiting-approval', 'queued', 'starting', 'running', 'succeeded'],
    );
    assert.ok(Number(body['cost']) > 0);
  });

  test('ends in one of the final states, each done', async () => {
    const ends: readonly (readonly [Outcome, string])[] = [
      ['published', 'succeeded'],
      ['failed', 'failed'],
      ['quarantined', 'failed'],
      ['dead-lettered', 'failed'],
      ['cancelled', 'cancelled'],
      ['expired', 'expired'],
      ['rejected', 'rejected'],
      ['held', 'held'],
    ];
    for (const [outcome, state] of ends) {
      const job = await request('sample', outcome);
      await job.take();
      await job.end(outcome);
      const shown = await job.get();
      assert.partialDeepStrictEqual(shown.body, { state, done: true, reason: 'so it is' });
      assert.equal(shown.headers['retry-after'], undefined);
    }
  });

  test('that is queued shows its place in line', async () => {
    const [first, second] = [await request('sample', '1'), await request('sample', '2')];
    place.nowMs += 2000;
    assert.deepEqual([(await first.get()).body['position'], (await second.get()).body['position']], [1, 2]);
  });

  test('is shown once more or not at all while its entry is being deleted', async () => {
    const job = await request();
    await job.take();
    await job.end('published');
    assert.equal(stateIn(await job.get()), 'succeeded');
    const other = job.id.replace(/.{4}$/, '0000');
    refusedAs(await place.functions.read(`GET /pipeline/job/${other}`, { as: ADA }), 404, 'job-not-found');
  });

  test('of another is not found, and an approver of its pipeline sees it', async () => {
    const job = await request('asked-first');
    for (const who of [BOB, EVE]) refusedAs(await job.get({}, who), 404, 'job-not-found');
    assert.equal((await job.get({}, APPROVER)).status, 200);
  });

  test('that is unchanged is a 304, and a poll of it one call', async () => {
    const job = await request();
    await job.take();
    await job.start();
    const first = await job.get();
    const etag = first.headers['etag'] ?? '';
    assert.match(etag, /^"[0-9a-f]{24}"$/);
    const calls: string[] = [];
    place.wrap = (store) =>
      new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown;
          return typeof value !== 'function'
            ? value
            : (...given: unknown[]) => (
                calls.push(String(name)),
                Reflect.apply(value, target, given) as unknown
              );
        },
      });
    place.functions = place.open();
    await job.get();
    calls.length = 0;
    const again = await job.get({ 'if-none-match': `W/${etag}, "other"` });
    assert.deepEqual([again.status, again.text, again.headers['etag']], [304, '', etag]);
    assert.deepEqual(calls, ['list']);
    await job.execute();
    assert.equal((await job.get({ 'if-none-match': etag })).status, 200);
  });

  test('asks for slower polls the older it is', async () => {
    const job = await request();
    const waits: number[] = [];
    for (const minutes of [0, 1, 2, 10, 50]) {
      place.nowMs += minutes * MINUTE_MS;
      waits.push(Number((await job.get()).headers['retry-after']));
    }
    assert.deepEqual(waits, [1, 6, 18, 30, 30]);
  });

  test('has a result behind a signed link of ten minutes, and attachments by their names', async () => {
    const job = await request();
    await job.take();
    const result = (file = '') =>
      place.functions.read(`GET /pipeline/job/${job.id}/result${file}`, { as: ADA });
    refusedAs(await result(), 409, 'job-not-ended');
    const name = `sample/${job.run}/attempt-1/`;
    const file = (end: string) => ({ name: `${name}${end}`, sizeBytes: 7, crc32c: 'AAAAAA==' });
    await job.end('published', { result: { ...file('result.json'), attachments: [file('rows.csv')] } });
    const linked = await result();
    assert.deepEqual([linked.status, linked.text], [302, '']);
    assert.equal(
      linked.headers['location'],
      `https://storage.example/results/${name}result.json?expires=600`,
    );
    assert.equal(
      (await result('?file=rows.csv')).headers['location'],
      `https://storage.example/results/${name}rows.csv?expires=600`,
    );
    for (const other of ['output.json', '../x', 'result.jso'])
      refusedAs(await result(`?file=${other}`), 409, 'no-result');
    refusedAs(
      await place.functions.read(`GET /pipeline/job/${job.id}/result`, { as: EVE }),
      404,
      'job-not-found',
    );
    assert.deepEqual((await job.get()).body['result'], {
      name: 'result.json',
      size: 7,
      attachments: ['rows.csv'],
    });
  });

  test('that was erased shows its record, and links to nothing', async () => {
    const job = await request();
    await job.take();
    const result = { name: `sample/${job.run}/attempt-1/result.json`, sizeBytes: 7, crc32c: 'AAAAAA==' };
    await job.end('published', { result: { ...result, attachments: [] } });
    const tombstone = { kind: 'erased', by: ADA, at: new Date(place.nowMs).toISOString() };
    await place.requests.create(contentObject('sample', job.run), toJson(tombstone), 'application/json');
    const link = await place.functions.read(`GET /pipeline/job/${job.id}/result`, { as: ADA });
    refusedAs(link, 410, 'content-erased');
    assert.equal((await job.get()).body['state'], 'succeeded');
  });

  test('that refused its parameters shows why, as long as the refusal is not erased', async () => {
    const job = await request();
    await job.take();
    const of = {
      pipeline: 'sample',
      run: job.run,
      attempt: 1,
      writtenAt: new Date(place.nowMs).toISOString(),
    };
    const reason = 'found "a secret", expected a number';
    const problems = [{ file: 'x', found: 'a secret', expected: 'a number', message: reason }];
    const manifest = manifestObject('sample', job.run, 1);
    const refusal = toJson({ kind: 'refusal', ...of, reason, problems, problemCount: 1 });
    await place.results.create(manifest, refusal, 'application/json');
    await job.end('failed', { code: 'INPUT_REFUSED' });
    assert.equal((await job.get()).body['reason'], reason);
    const written = await place.results.info(manifest);
    const tombstone = toJson({ kind: 'erased', by: ADA, at: of.writtenAt });
    await place.results.replace(manifest, written?.generation ?? '', tombstone, 'application/json');
    assert.doesNotMatch(String((await job.get()).body['reason']), /secret/);
  });

  test('that failed has no result', async () => {
    const job = await request();
    await job.take();
    await job.end('failed');
    refusedAs(
      await place.functions.read(`GET /pipeline/job/${job.id}/result`, { as: ADA }),
      409,
      'no-result',
    );
  });
});
