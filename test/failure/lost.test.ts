// What is lost on the wire: messages that never come or come twice, and answers that are cut off after the work.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import { editsOf } from '../mesh/edits.ts';
import { good } from '../mesh/folders.ts';
import { startMesh, type RunningMesh } from '../mesh/start-mesh.ts';
import type { Fault } from '../../local/http/faults.ts';

let mesh: RunningMesh;
let fate: 'deliver' | 'lose' | 'twice' = 'deliver';
before(async () => {
  mesh = await startMesh({ interference: () => fate });
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());
beforeEach(() => {
  fate = 'deliver';
  mesh.cloud.api.faults.clear();
});

const { edit, publishedOnce } = editsOf(() => mesh);

test('with every message and every event lost, ticks and sweeps alone bring a run to its end', async () => {
  fate = 'lose';
  edit();
  assert.equal(await mesh.fire('tick-carmila'), 200);
  const outcome = await mesh.swept();
  assert.equal(outcome.outcome, 'published', outcome.reason);
  await publishedOnce();
});

test('with every message and event delivered twice, a run is published once', async () => {
  fate = 'twice';
  edit();
  await mesh.tick();
  await mesh.until('every second delivery', () => mesh.cloud.pubsub.idle() || undefined);
  await publishedOnce();
  assert.equal((await mesh.newestRun()).attempts.length, 1);
});

const STEPS: readonly (readonly [what: string, fault: Omit<Fault, 'action'>])[] = [
  ['the listing of the folder', { method: 'GET', url: /^\/drive\/v3\/files\?/ }],
  ['the write of state.json', { method: 'POST', url: /\/upload\/.*sluice-runs\/o\?.*state\.json/ }],
  ['the write of request.json', { method: 'POST', url: /\/upload\/.*sluice-runs\/o\?.*request\.json/ }],
  ['the publish of run-requested', { method: 'POST', url: /\/topics\/run-requested:publish/ }],
  ['the download of a workbook', { method: 'GET', url: /^\/drive\/v3\/files\/[^?]+\?.*alt=media/ }],
  ['the copy of a workbook', { method: 'PUT', url: /\/upload\/.*sluice-runs\/o\?/ }],
  ['the write of input.json', { method: 'POST', url: /\/upload\/.*sluice-runs\/o\?.*%2Finput\.json/ }],
  ['the write of lease.json', { method: 'POST', url: /\/upload\/.*sluice-runs\/o\?.*lease\.json/ }],
  ['the write of execution-1.json', { method: 'POST', url: /\/upload\/.*execution-1\.json/ }],
  ['jobs:run', { method: 'POST', url: /\/v2\/projects\/[^?]+:run/ }],
  ['the write of execution-1-started.json', { method: 'POST', url: /\/upload\/.*execution-1-started\.json/ }],
  ['the write of the manifest', { method: 'POST', url: /\/upload\/.*sluice-results\/o\?.*output\.json/ }],
  ['the insert of a BigQuery job', { method: 'POST', url: /\/bigquery\/v2\/projects\/[^/]+\/jobs\?/ }],
  [
    'the insert of the publication',
    { method: 'POST', url: /\/bigquery\/v2\/projects\/[^/]+\/jobs\?/, skip: 1 },
  ],
  ['the checks', { method: 'POST', url: /\/bigquery\/v2\/projects\/[^/]+\/queries/ }],
  ['the write of outcome.json', { method: 'POST', url: /\/upload\/.*outcome\.json/ }],
];

const NAMED = [
  'the write of state.json',
  'the publish of run-requested',
  'jobs:run',
  'the insert of a BigQuery job',
  'the insert of the publication',
  'the write of outcome.json',
];

for (const [what, fault] of STEPS.filter(([step]) => NAMED.includes(step))) {
  test(`the answer to ${what} is lost, and the run is published once all the same`, () =>
    surviving({ ...fault, action: 'lose-answer' }));
}

test('the first answer of every step is lost in one run, and it is published once', () =>
  surviving(...STEPS.map(([, fault]) => ({ ...fault, action: 'lose-answer' as const }))));

// Without an answer from jobs:run and without an execution, the next delivery waits 90 s for one to appear.
test('the first request of every step but jobs:run is lost in one run, and it is published once', () =>
  surviving(
    ...STEPS.filter(([step]) => step !== 'jobs:run').map(([, fault]) => ({
      ...fault,
      action: 'lose-request' as const,
    })),
  ));

test('the first answer of every step is a 503 although the work was done, and the run is published once', () =>
  surviving(...STEPS.map(([, fault]) => ({ ...fault, action: { statusAfterWork: 503 } as const }))));

// The test reads the same objects, and its own reads are to be left alone.
const identity = (name: string) => `sluice-${name}@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
const READS = STEPS.filter(([, { method }]) => method === 'GET');

test('the first answers to reads break off, those to writes come late, and the run is published once', () =>
  surviving(
    ...READS.map(([, fault]) => ({ ...fault, action: { truncateAtBytes: 10 } as const })),
    ...(
      [
        [/sluice-runs\/o\/.*input\.json\?.*alt=media/, 'carmila-job'],
        [/sluice-results\/o\/.*output\.json\?.*alt=media/, 'publish-output'],
      ] as const
    ).map(([url, who]) => ({
      method: 'GET',
      url,
      caller: identity(who),
      action: { truncateAtBytes: 10 } as const,
    })),
    ...STEPS.filter((step) => !READS.includes(step)).map(([, fault]) => ({
      ...fault,
      action: { delayMs: 200 } as const,
    })),
  ));

const MOST_TICKS = 5;

async function surviving(...planned: readonly Fault[]): Promise<void> {
  edit();
  const { faults } = mesh.cloud.api;
  faults.plan(...planned);
  // A tick that met a fault may answer an error; the scheduler would fire it again.
  for (let tick = 0; tick < MOST_TICKS; tick++) if ((await mesh.tick()).outcome !== 'failed') break;
  assert.deepEqual(faults.unused(), [], 'a fault never struck, so the test shows nothing');
  await publishedOnce();
}
