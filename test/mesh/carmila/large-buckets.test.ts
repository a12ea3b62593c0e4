// Two thousand runs and six hundred commands later: what lists them still sees all of them, and the newest first.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { auditBucketOf } from '../../../shared/deployment.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { commandIdOf } from '../../../shared/commands/command.ts';
import {
  stateObject,
  outcomeObject,
  planObject,
  requestObject,
  runIdOf,
} from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import type { Verification } from '../../../shared/reconciliation/verify.ts';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { plantObjects } from '../../ports/plant.ts';
import { run } from '../commands.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { stoppedJob } from '../stopped-job.ts';

const RUNS = 2003;
const COMMANDS = 600;
// Of each of the newest runs, so that these alone are more than a page.
const PLANS = 30;
const HOUR_MS = 3_600_000;
const REVISION = '0123abcd0123abcd';
const pastRuns = Array.from({ length: RUNS }, (_, index) => runIdOf(index + 1, REVISION));

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh();
  const { storage } = mesh.cloud;
  plantObjects(storage, mesh.runs.bucket, [
    [stateObject('carmila'), state()],
    ...pastRuns.flatMap(objectsOf),
  ]);
  plantObjects(storage, auditBucketOf(LOCAL_PROJECT), pastCommands());
});
after(() => mesh.close());

const at = new Date().toISOString();

const requestOf = (id: string) => ({
  ...{ pipeline: 'carmila', run: id, sequence: Number(id.slice(0, 6)), revision: REVISION, snapshot: [] },
  ...{ requestedAt: at, nonce: null, cause: { kind: 'schedule', by: 'scheduler@test', reason: null } },
});

const state = () =>
  toJson({ token: 'planted', request: requestOf(pastRuns.at(-1) ?? ''), revision: REVISION, poll: null });

/** A run that says it was published, which the ledger does not know. */
function objectsOf(id: string, index: number): [string, string][] {
  const outcome = { pipeline: 'carmila', run: id, outcome: 'published', reason: '', attempt: 1, rows: 1, at };
  const plans = index < RUNS - 40 ? 0 : PLANS;
  return [
    [requestObject('carmila', id), toJson(requestOf(id))],
    [outcomeObject('carmila', id), toJson(outcome)],
    ...Array.from({ length: plans }, (_, plan): [string, string] => {
      const hash = String(plan).padStart(16, '0');
      return [planObject('carmila', id, hash), toJson({})];
    }),
  ];
}

/** One an hour, up to an hour ago. */
function pastCommands(): [string, string][] {
  return Array.from({ length: COMMANDS }, (_, index) => {
    const givenMs = Date.now() - (index + 1) * HOUR_MS;
    const id = commandIdOf(givenMs, 'past');
    const given = { verb: 'resume', pipeline: 'carmila', reason: `command ${index}`, id };
    const givenAt = new Date(givenMs).toISOString();
    return [
      [`carmila/${id}.json`, toJson({ command: given, by: 'ada@example.org', at: givenAt })],
      [`carmila/${id}-done.json`, toJson({ id, at: givenAt, result: 'done', message: 'resumed' })],
    ] as [string, string][];
  }).flat();
}

async function json(...words: readonly string[]): Promise<{ code: number | null; message: unknown }> {
  const { code, stdout, stderr } = await run('sluice', '--data', mesh.folders.data, '--json', ...words);
  assert.ok(stdout.startsWith('{') || stdout.startsWith('['), stdout + stderr);
  return { code, message: JSON.parse(stdout) };
}

test('a sweep sees the lease behind more than a thousand objects, and replaces a crashed attempt', async () => {
  const { run: newest, kill } = await stoppedJob(mesh, 100);
  assert.equal(newest.slice(0, 6), String(RUNS + 1).padStart(6, '0'));
  kill();
  const outcomeOf = async () => {
    await mesh.fire('sweep');
    return readOutcome(mesh.runs, 'carmila', newest);
  };
  const { outcome, attempt } = await mesh.until(`the outcome of ${newest}`, outcomeOf);
  assert.deepEqual([outcome, attempt], ['published', 2]);
});

test('runs lists each of two thousand, newest first', async () => {
  const { message } = await json('runs', '--count', '3000');
  const listed = message as { run: string }[];
  assert.equal(listed.length, RUNS + 1);
  assert.deepEqual(
    listed.slice(1).map((each) => each.run),
    pastRuns.toReversed(),
  );
});

test('verify names every outcome of two thousand that the ledger does not know', async () => {
  const { code, message } = await json('verify', 'carmila');
  const { accepted, differences } = message as Verification;
  assert.deepEqual([code, accepted], [1, RUNS + 1]);
  assert.deepEqual(
    differences.toSorted(),
    pastRuns.map((id) => `run ${id} ended as published, but carmila-${id} is not in the ledger`),
  );
});

test('audit shows the newest commands after six hundred others, and all when it is asked for all', async () => {
  assert.equal((await json('pause', '--reason', 'the newest')).code, 0);
  const reasons = async (count: string) =>
    ((await json('audit', '--count', count)).message as { command: { reason: string } }[]).map(
      ({ command }) => command.reason,
    );
  assert.deepEqual(await reasons('3'), ['the newest', 'command 0', 'command 1']);
  assert.equal((await reasons('1000')).length, COMMANDS + 1);
});
