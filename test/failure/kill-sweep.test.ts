// Method: the job is killed with SIGKILL at its n-th call of an API, for every n: before the call's work is
// done, and after it, its answer lost. Each time the run is published once, and the table holds its rows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import { endLeftovers } from '../../local/run/leftovers.ts';
import { editsOf } from '../mesh/edits.ts';
import { startMesh, type RunningMesh } from '../mesh/start-mesh.ts';

const JOB = `sluice-carmila-job@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
/** Every call but those for tokens, which are no API's, and those that send spans, which change nothing. */
const ANY_CALL = { caller: JOB, url: /^\/(?!computeMetadata\/|v1\/traces)/ } as const;
/** An input of three files, an output of five: fewer calls than this would mean that they were not seen. */
const FEWEST_CALLS = 9;

let mesh: RunningMesh;
let calls = 0;
const { edit, publishedOnce } = editsOf(() => mesh);
before(async () => {
  mesh = await startMesh();
  edit();
  const count = () => void calls++;
  mesh.cloud.api.faults.plan({ ...ANY_CALL, action: { delayMs: 0 }, times: Infinity, onStrike: count });
  assert.equal((await mesh.tick()).outcome, 'published');
  mesh.cloud.api.faults.clear();
});
after(() => mesh.close());

const running = () => mesh.cloud.jobs.executions().filter(({ state }) => state === 'running');

/** Resolves when no process of the job is left: until then its call stays unanswered, so no other follows. */
const killJob = () => endLeftovers(running().map(({ name }) => mesh.cloud.jobs.execution(name).uid));

/** Kills the job at its n-th call of the next run, and gives the attempt that was published. */
async function killedAt(call: number, action: 'lose-request' | 'lose-answer'): Promise<number | undefined> {
  const { faults } = mesh.cloud.api;
  faults.plan({ ...ANY_CALL, action, skip: call - 1, onStrike: killJob });
  edit();
  assert.equal(await mesh.fire('tick-carmila'), 200);
  await mesh.until(`call ${call} of the job`, () => faults.unused().length === 0 || undefined);
  await mesh.swept();
  faults.clear();
  await publishedOnce();
  return (await mesh.newestRun()).outcome?.attempt;
}

for (const [when, action, first] of [
  ['before its n-th call is done', 'lose-request', 2],
  ['after its n-th call, whose answer is lost', 'lose-answer', 1],
] as const) {
  test(`the job is killed ${when}, for every n, and each run is published once`, async (t) => {
    assert.ok(calls >= FEWEST_CALLS, `a clean run made ${calls} calls`);
    const attempts: (number | undefined)[] = [];
    for (let call = 1; call <= calls; call++) attempts.push(await killedAt(call, action));
    t.diagnostic(`${calls} calls; published by attempt ${attempts.join(', ')}`);
    // Only the manifest, the last call of all, makes an output of what was written (law 4).
    assert.deepEqual(attempts, [...Array<number>(calls - 1).fill(2), first]);
    assert.equal((await mesh.ledger()).length, 1 + calls * (action === 'lose-answer' ? 2 : 1));
  });
}
