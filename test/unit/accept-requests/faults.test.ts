// Every call of an accepted request and of a cancel refused, lost or cut off: the same call again finishes it, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toJson } from '../../../shared/objects/json.ts';
import { queueEntry } from '../../../shared/requests/entry.ts';
import { readStart } from '../../../shared/requests/gates.ts';
import { parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { recordOutcome } from '../../../shared/runs/outcome.ts';
import { ADA, ApiPlace, idOf, type Received } from '../api/api-place.ts';
import { FaultAt, faulty, MODES, type Mode } from '../start-run/faults.ts';

const RUN = { as: ADA, key: 'k', body: { pipeline: 'sample', parameters: { seconds: 2 } } };
const run = (place: ApiPlace) => place.open().accept('POST /pipeline/run', RUN);
const MOST_CALLS = 50;

/** Does `attempt` with each of its calls going wrong, in a place of its own each time. */
async function atEachCall(
  mode: Mode,
  prepare: (place: ApiPlace) => Promise<void>,
  attempt: (place: ApiPlace) => Promise<Received>,
  check: (place: ApiPlace, first: Received, hit: string) => Promise<void>,
): Promise<readonly string[]> {
  const hits: string[] = [];
  for (let at = 0; at < MOST_CALLS; at += 1) {
    const place = new ApiPlace();
    await prepare(place);
    const fault = new FaultAt(at, mode);
    place.wrap = (store) => faulty(store, store.bucket, fault);
    const first = await attempt(place);
    if (fault.hit === undefined) return hits;
    hits.push(fault.hit);
    place.wrap = (store) => store;
    await check(place, first, `${mode}: ${fault.hit}`);
  }
  throw new Error(`there are more than ${MOST_CALLS} calls`);
}

const nothing = () => Promise.resolve();

for (const mode of MODES) {
  test(`a request is accepted once, whichever of its calls is ${mode}`, async () => {
    const hits = await atEachCall(mode, nothing, run, async (place, first, hit) => {
      assert.ok([202, 500, 503].includes(first.status), hit);
      if (first.status === 503) assert.equal(first.headers['retry-after'], '2', hit);
      const again = await run(place);
      assert.equal(again.status, 202, `${hit}: ${again.text}`);
      if (first.status === 202) assert.equal(idOf(first), idOf(again), hit);
      assert.equal((await place.requests.list('queue/', 10)).length, 1, hit);
      assert.ok(place.hints.length >= 1, hit);
    });
    assert.ok(hits.some((hit) => hit.startsWith('requests.create')));
    assert.ok(hits.some((hit) => hit.startsWith('runs.readText')));
    assert.ok(hits.length >= 3, String(hits));
  });

  test(`a key whose run has ended stays that run's, whichever call is ${mode}`, async () => {
    const prepare = async (place: ApiPlace) => {
      const { pipeline, run: name } = parseJobId(idOf(await run(place)))!;
      const entry = await place.requests.readText(queueObject(pipeline, name), 10_000);
      const { record } = queueEntry.parse(JSON.parse(entry?.text ?? ''));
      await place.runs.create(requestObject(pipeline, name), toJson(record), 'application/json');
      const at = new Date(place.nowMs).toISOString();
      const how = { outcome: 'failed', code: null, reason: 'r', attempt: 1, rows: null } as const;
      await recordOutcome(place.runs, { pipeline, run: name, ...how, at });
      await place.requests.remove(queueObject(pipeline, name), entry?.generation ?? '');
    };
    await atEachCall(mode, prepare, run, async (place, _first, hit) => {
      const again = await run(place);
      assert.partialDeepStrictEqual(again.body, { state: 'failed', done: true }, hit);
      // What a crash left is a candidate with an outcome: the dispatch starts nothing of it, and deletes it.
      assert.ok((await place.requests.list('queue/', 10)).length <= 1, hit);
    });
  });

  test(`a cancel is decided once, whichever of its calls is ${mode}`, async () => {
    let id = '';
    const prepare = async (place: ApiPlace) => void (id = idOf(await run(place)));
    const cancel = (place: ApiPlace) =>
      place.open().accept(`POST /pipeline/job/${id}/cancel`, { as: ADA, body: { reason: 'enough' } });
    await atEachCall(mode, prepare, cancel, async (place, _first, hit) => {
      const again = await cancel(place);
      assert.equal(again.status, 202, `${hit}: ${again.text}`);
      const { pipeline, run: name } = parseJobId(id)!;
      assert.equal((await readStart(place.runs, pipeline, name))?.kind, 'cancel', hit);
      assert.ok((await place.audit.list('_requests/', 10)).length >= 1, hit);
    });
  });
}
