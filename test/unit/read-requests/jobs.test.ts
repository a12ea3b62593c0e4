// What read-requests shows: each state of a job, what a poll costs, waits, streams, lists and links.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { toJson } from '../../../shared/objects/json.ts';
import { passApproval, passStart } from '../../../shared/requests/gates.ts';
import { contentObject, jobObject, parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { manifestObject, requestObject, startedObject } from '../../../shared/runs/names.ts';
import { recordOutcome, type Outcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { ADA, ApiPlace, APPROVER, BOB, EVE, idOf, refusedAs, type Received } from '../api/api-place.ts';
import { samplePipeline } from '../api/sample-pipeline.ts';

const MINUTE_MS = 60_000;

describe('a job', () => {
  let place: ApiPlace;
  let functions: ReturnType<ApiPlace['open']>;
  beforeEach(() => {
    place = new ApiPlace([
      samplePipeline('sample', { waitingPerOwner: 50 }),
      samplePipeline('asked-first', { approval: 'before-start' }),
    ]);
    functions = place.open();
  });

  const at = () => new Date(place.nowMs).toISOString();

  async function request(pipeline = 'sample', key = 'k', as = ADA) {
    const received = await functions.accept('POST /pipeline/run', { as, key, body: { pipeline } });
    const id = idOf(received);
    const { run } = parseJobId(id)!;
    const entry = async () => place.requests.readText(queueObject(pipeline, run), 10_000);
    /** As the dispatch does: the record into the run's folder, and the job into the index. */
    const take = async () => {
      const { record } = JSON.parse((await entry())?.text ?? '') as { record: { acceptedAt: string } };
      await place.runs.create(requestObject(pipeline, run), toJson(record), 'application/json');
      await place.requests.create(jobObject(pipeline, run, Date.parse(record.acceptedAt)), '', 'text/plain');
    };
    const start = () => passStart(place.runs, pipeline, run, { kind: 'start', dispatch: 1, at: at() });
    const execute = () => place.runs.create(startedObject(pipeline, run, 1), '{}', 'application/json');
    const end = async (outcome: Outcome, more: Partial<RunOutcome> = {}) => {
      await recordOutcome(place.runs, {
        ...{ pipeline, run, outcome, code: null, reason: 'so it is', attempt: 1, rows: null },
        at: at(),
        ...more,
      });
      await place.requests.remove(queueObject(pipeline, run), (await entry())?.generation ?? '');
    };
    const get = (headers: Record<string, string> = {}, who = as) =>
      functions.read(`GET /pipeline/job/${id}`, { as: who, headers });
    return { id, run, take, start, execute, end, get };
  }

  const stateIn = ({ body }: Received) => body['state'];

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
      at: at(),
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
    refusedAs(await functions.read(`GET /pipeline/job/${other}`, { as: ADA }), 404, 'job-not-found');
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
    functions = place.open();
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

  test('with `Prefer: wait` is answered at its next change, or after the wait', async () => {
    const job = await request();
    await job.take();
    let waits = 0;
    place.onWait = async () => {
      waits += 1;
      if (waits === 3) await job.start();
    };
    const { etag = '' } = (await job.get()).headers;
    const changed = await job.get({ prefer: 'respond-async, wait=20', 'if-none-match': etag });
    assert.deepEqual(
      [changed.status, stateIn(changed), changed.headers['preference-applied'], waits],
      [200, 'starting', 'wait', 3],
    );
    const beganMs = place.nowMs;
    const unchanged = await job.get({ prefer: 'wait=500', 'if-none-match': changed.headers['etag'] ?? '' });
    assert.equal(unchanged.status, 304);
    assert.equal(place.nowMs - beganMs, 20_000);
    await job.end('failed');
    assert.equal((await job.get({ prefer: 'wait=20' })).status, 200);
  });

  const eventsIn = (text: string) =>
    [...text.matchAll(/^id: (.+)\nevent: job\ndata: (.+)$/gm)].map(([, id = '', data = '']) => ({
      id,
      job: JSON.parse(data) as { state: string },
    }));

  test('is streamed at each change until it is done, and a client that reconnects misses and repeats nothing', async () => {
    const job = await request();
    await job.take();
    let waits = 0;
    place.onWait = async () => {
      waits += 1;
      if (waits === 2) await job.start();
      if (waits === 20) await job.end('published');
    };
    const streamed = await functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA });
    assert.equal(streamed.headers['content-type'], 'text/event-stream; charset=utf-8');
    const events = eventsIn(streamed.text);
    assert.deepEqual(
      events.map(({ job: { state } }) => state),
      ['queued', 'starting', 'succeeded'],
    );
    assert.match(streamed.text, /^retry: 1000\n\n/);
    assert.match(streamed.text, /\n: still here\n/);
    const resumed = await functions.read(`GET /pipeline/job/${job.id}/events`, {
      as: ADA,
      headers: { 'last-event-id': events[1]?.id ?? '' },
    });
    assert.deepEqual(
      eventsIn(resumed.text).map(({ job: { state } }) => state),
      ['succeeded'],
    );
    const done = await functions.read(`GET /pipeline/job/${job.id}/events`, {
      as: ADA,
      headers: { 'last-event-id': events[2]?.id ?? '' },
    });
    assert.deepEqual([done.status, done.text], [204, '']);
  });

  test('is streamed for 55 seconds at most', async () => {
    const job = await request();
    await job.take();
    const beganMs = place.nowMs;
    const streamed = await functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA });
    assert.equal(place.nowMs - beganMs, 55_000);
    assert.equal(eventsIn(streamed.text).length, 1);
  });

  test('is followed by so many at once and no more', async () => {
    const job = await request();
    await job.take();
    place.onWait = () => new Promise(() => undefined);
    const held = Array.from({ length: 60 }, () =>
      functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    refusedAs(await functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA }), 429, 'rate-limited');
    assert.equal((await job.get({ prefer: 'wait=20' })).headers['preference-applied'], undefined);
    assert.equal(held.length, 60);
  });

  test('has a result behind a signed link of ten minutes, and attachments by their names', async () => {
    const job = await request();
    await job.take();
    const result = (file = '') => functions.read(`GET /pipeline/job/${job.id}/result${file}`, { as: ADA });
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
    refusedAs(await functions.read(`GET /pipeline/job/${job.id}/result`, { as: EVE }), 404, 'job-not-found');
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
    const link = await functions.read(`GET /pipeline/job/${job.id}/result`, { as: ADA });
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
    refusedAs(await functions.read(`GET /pipeline/job/${job.id}/result`, { as: ADA }), 409, 'no-result');
  });

  test('is listed for its owner alone, newest first, page by page, whether it was taken over or not', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      place.nowMs += 1000;
      const job = await request(index % 2 === 0 ? 'sample' : 'asked-first', `k${index}`);
      if (index < 4) await job.take();
      ids.unshift(job.id);
    }
    await request('sample', 'of-bob', BOB);
    const pages: string[][] = [];
    let cursor: unknown;
    do {
      const query = cursor === undefined ? '' : `&cursor=${String(cursor)}`;
      const { body } = await functions.read(`GET /pipeline/jobs?limit=3${query}`, { as: ADA });
      pages.push((body['jobs'] as { job_id: string }[]).map(({ job_id }) => job_id));
      cursor = body['next_cursor'];
    } while (cursor !== null);
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    );
    assert.deepEqual(pages.flat(), ids);
    const waiting = await functions.read('GET /pipeline/jobs?state=waiting-approval', { as: ADA });
    assert.deepEqual(
      (waiting.body['jobs'] as { job_id: string }[]).map(({ job_id }) => job_id),
      ids.filter((id) => id.startsWith('asked-first')),
    );
    const two = await functions.read('GET /pipeline/jobs?state=queued&limit=2', { as: ADA });
    const rest = await functions.read(
      `GET /pipeline/jobs?state=queued&limit=2&cursor=${String(two.body['next_cursor'])}`,
      { as: ADA },
    );
    assert.equal((two.body['jobs'] as []).length + (rest.body['jobs'] as []).length, 4);
    assert.equal(rest.body['next_cursor'], null);
  });

  test('a cursor of another caller, or an invented one, is refused', async () => {
    for (const key of ['1', '2']) await request('sample', key);
    const { body } = await functions.read('GET /pipeline/jobs?limit=1', { as: ADA });
    refusedAs(
      await functions.read(`GET /pipeline/jobs?cursor=${String(body['next_cursor'])}`, { as: BOB }),
      400,
      'cursor-invalid',
    );
    const invented = Buffer.from('{"o":"x","n":"jobs/x/"}').toString('base64url');
    for (const cursor of ['x', '', invented, '%00'])
      refusedAs(
        await functions.read(`GET /pipeline/jobs?cursor=${cursor}`, { as: ADA }),
        400,
        'cursor-invalid',
      );
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'state=done', 'more=1', 'limit=1&limit=2'])
      refusedAs(await functions.read(`GET /pipeline/jobs?${query}`, { as: ADA }), 422, 'invalid-request');
  });
});
