// Cancel, approve, reject and erase: the first decision at a gate stands, and the answer tells which.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { toJson } from '../../../shared/objects/json.ts';
import { passStart, readApproval, readStart } from '../../../shared/requests/gates.ts';
import { contentObject, parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { recordOutcome, type Outcome } from '../../../shared/runs/outcome.ts';
import { ADA, ApiPlace, APPROVER, BOB, EVE, idOf, refusedAs } from '../api/api-place.ts';

const RUN = 'POST /pipeline/run';

describe('a decision on a job', () => {
  let place: ApiPlace;
  let functions: ReturnType<ApiPlace['open']>;
  beforeEach(() => {
    place = new ApiPlace();
    functions = place.open();
  });

  async function request(pipeline: string) {
    const received = await functions.accept(RUN, { as: ADA, key: 'k', body: { pipeline } });
    const id = idOf(received);
    const { hash } = received.body['estimate'] as { readonly hash: string };
    const { run } = parseJobId(id)!;
    const at = () => new Date(place.nowMs).toISOString();
    const end = async (outcome: Outcome) => {
      const entry = await place.requests.readText(queueObject(pipeline, run), 10_000);
      const { record } = JSON.parse(entry?.text ?? '') as { record: object };
      await place.runs.create(requestObject(pipeline, run), toJson(record), 'application/json');
      await recordOutcome(place.runs, {
        ...{ pipeline, run, outcome, code: null, reason: 'so it is' },
        attempt: 1,
        rows: null,
        at: at(),
      });
      await place.requests.remove(queueObject(pipeline, run), entry?.generation ?? '');
    };
    const call = (verb: string, as: string, body: object = { reason: 'enough' }) =>
      functions.accept(`POST /pipeline/job/${id}/${verb}`, { as, body });
    return { id, hash, pipeline, run, at, end, call };
  }

  test('a cancel before the start ends the job at the gate `start`, and again it is the same', async () => {
    const job = await request('sample');
    const cancelled = await job.call('cancel', ADA);
    assert.equal(cancelled.status, 202, cancelled.text);
    assert.partialDeepStrictEqual(cancelled.body, {
      state: 'cancelling',
      done: false,
      decided: 'cancelled',
      gate: 'start',
      by: ADA,
    });
    assert.partialDeepStrictEqual(await readStart(place.runs, 'sample', job.run), {
      kind: 'cancel',
      by: ADA,
      reason: 'enough',
    });
    const again = await job.call('cancel', ADA, { reason: 'still enough' });
    assert.deepEqual([again.status, again.body['at']], [202, cancelled.body['at']]);
    assert.equal(place.hints.length, 3);
    assert.equal((await place.audit.list('_requests/', 10)).length, 2);
    const shown = await functions.read(`GET /pipeline/job/${job.id}`, { as: ADA });
    assert.partialDeepStrictEqual(shown.body, { state: 'cancelling', code: 'REQUEST_CANCELLED' });
  });

  test('a cancel after the start holds the publication back at the gate `decision`', async () => {
    const job = await request('sample');
    await passStart(place.runs, 'sample', job.run, { kind: 'start', dispatch: 1, at: job.at() });
    const cancelled = await job.call('cancel', ADA);
    assert.partialDeepStrictEqual(cancelled.body, {
      decided: 'cancelled',
      gate: 'decision',
      state: 'cancelling',
    });
  });

  test('a cancel is too late once the result is being published, held, or the job expired', async () => {
    const job = await request('sample');
    await passStart(place.runs, 'sample', job.run, { kind: 'start', dispatch: 1, at: job.at() });
    await decideOnce(place.runs, 'sample', job.run, { kind: 'publish', attempt: 1, at: job.at() });
    const late = await job.call('cancel', ADA);
    refusedAs(late, 409, 'too-late');
    assert.equal(late.body['gate'], 'decision');
    const expired = await request('asked-first');
    await passStart(place.runs, 'asked-first', expired.run, { kind: 'expire', at: job.at() });
    refusedAs(await expired.call('cancel', ADA), 409, 'too-late');
  });

  test('a cancel of a job that has ended is refused with how it ended', async () => {
    for (const [outcome, state] of [
      ['published', 'succeeded'],
      ['quarantined', 'failed'],
      ['cancelled', 'cancelled'],
    ] as const) {
      place = new ApiPlace();
      functions = place.open();
      const job = await request('sample');
      await job.end(outcome);
      const refused = await job.call('cancel', ADA);
      refusedAs(refused, 409, 'job-ended');
      assert.partialDeepStrictEqual(refused.body, { state, done: true });
    }
  });

  test('an approval lets the job start, quotes its estimate, and is recorded with its reason', async () => {
    const job = await request('asked-first');
    const body = { reason: 'worth it', estimate_hash: job.hash };
    const approved = await job.call('approve', APPROVER, body);
    assert.equal(approved.status, 200, approved.text);
    assert.partialDeepStrictEqual(approved.body, {
      decided: 'approved',
      gate: 'approval',
      state: 'queued',
      by: APPROVER,
    });
    assert.partialDeepStrictEqual(await readApproval(place.runs, 'asked-first', job.run), {
      kind: 'approve',
      estimateHash: job.hash,
      reason: 'worth it',
    });
    assert.equal((await job.call('approve', APPROVER, body)).status, 200);
    refusedAs(await job.call('reject', APPROVER, body), 409, 'too-late');
  });

  test('a rejection ends the job, and an approval after it is too late', async () => {
    const job = await request('asked-first');
    const body = { reason: 'too dear', estimate_hash: job.hash };
    assert.partialDeepStrictEqual((await job.call('reject', APPROVER, body)).body, {
      decided: 'rejected',
      done: false,
    });
    refusedAs(await job.call('approve', APPROVER, body), 409, 'too-late');
  });

  test('an approval of another estimate is refused, and decides nothing', async () => {
    const job = await request('asked-first');
    const refused = await job.call('approve', APPROVER, { reason: 'ok', estimate_hash: '0'.repeat(16) });
    refusedAs(refused, 412, 'estimate-changed');
    assert.equal((refused.body['estimate'] as { hash: string }).hash, job.hash);
    assert.equal(await readApproval(place.runs, 'asked-first', job.run), undefined);
  });

  test('an approval of a job that was cancelled before is too late', async () => {
    const job = await request('asked-first');
    assert.equal((await job.call('cancel', ADA)).status, 202);
    refusedAs(
      await job.call('approve', APPROVER, { reason: 'ok', estimate_hash: job.hash }),
      409,
      'too-late',
    );
  });

  test('a job that asks for no approval takes none', async () => {
    place = new ApiPlace(undefined, { SAMPLE_APPROVERS: APPROVER });
    functions = place.open();
    const job = await request('sample');
    refusedAs(
      await job.call('approve', APPROVER, { reason: 'ok', estimate_hash: job.hash }),
      409,
      'no-approval-asked',
    );
  });

  test('only approvers approve; a job of another is not found, before anything is read', async () => {
    const job = await request('asked-first');
    const body = { reason: 'ok', estimate_hash: job.hash };
    refusedAs(await job.call('approve', ADA, body), 403, 'forbidden');
    for (const as of [BOB, EVE])
      for (const verb of ['approve', 'reject', 'cancel'])
        refusedAs(await job.call(verb, as, verb === 'cancel' ? { reason: 'x' } : body), 404, 'job-not-found');
    const reads: string[] = [];
    place.wrap = (store) =>
      new Proxy(store, {
        get: (target, name) => (reads.push(String(name)), Reflect.get(target, name) as unknown),
      });
    functions = place.open();
    const id = job.id;
    for (const target of ['cancel', 'approve', 'reject'])
      await functions.accept(`POST /pipeline/job/${id}/${target}`, {
        as: EVE,
        body: target === 'cancel' ? { reason: 'x' } : body,
      });
    await functions.accept(`DELETE /pipeline/job/${id}/content`, { as: EVE });
    for (const target of ['', '/events', '/result'])
      refusedAs(await functions.read(`GET /pipeline/job/${id}${target}`, { as: EVE }), 404, 'job-not-found');
    assert.deepEqual(reads, []);
  });

  test('an unknown job, and what is no id of a job, are not found', async () => {
    const job = await request('sample');
    const unknown = job.id.replace(/.{4}$/, '0000');
    for (const id of [unknown, 'x', 'sample.', '..%2F..', `${job.id}x`, 'unknown.' + job.run])
      refusedAs(
        await functions.accept(`POST /pipeline/job/${id}/cancel`, { as: ADA, body: { reason: 'x' } }),
        404,
        'job-not-found',
      );
  });

  test('a reason is required, and has a bound', async () => {
    const job = await request('sample');
    for (const body of [
      {},
      { reason: '' },
      { reason: ' ' },
      { reason: 'x'.repeat(501) },
      { reason: 'x', more: 1 },
    ])
      refusedAs(await job.call('cancel', ADA, body), 422, 'invalid-request');
  });

  test('the content is erased after the end alone, by its requester alone, and twice is once', async () => {
    place = new ApiPlace(undefined, { SAMPLE_APPROVERS: APPROVER });
    functions = place.open();
    const job = await request('sample');
    const erase = (as: string) => functions.accept(`DELETE /pipeline/job/${job.id}/content`, { as });
    refusedAs(await erase(ADA), 409, 'job-not-ended');
    await job.end('published');
    await place.requests.create(
      contentObject('sample', job.run),
      toJson({ kind: 'content', parameters: { seconds: 1 } }),
      'application/json',
    );
    const file = `sample/${job.run}/attempt-1/result.json`;
    await place.results.create(file, '{"text":"a secret"}', 'application/json');
    refusedAs(await erase(APPROVER), 403, 'forbidden');
    const first = await erase(ADA);
    assert.deepEqual([first.status, first.text], [204, '']);
    assert.equal((await erase(ADA)).status, 204);
    const left = (await place.requests.readText(contentObject('sample', job.run), 10_000))?.text ?? '';
    assert.partialDeepStrictEqual(JSON.parse(left), { kind: 'erased', by: ADA });
    assert.doesNotMatch(String(place.results.stored(file)?.content), /secret/);
    assert.equal((await functions.read(`GET /pipeline/job/${job.id}`, { as: ADA })).status, 200);
  });
});
