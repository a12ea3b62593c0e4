// The contract of a job runner, through the unmodified Cloud Run client, with a script for a container.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { submitAttempt } from '../../functions/start-run/submit.ts';
import { systemClock } from '../../local/clock.ts';
import { createApi, OPERATOR } from '../../local/http/api.ts';
import { allowAll } from '../../local/iam/authorize.ts';
import { randomIds } from '../../local/ids.ts';
import { RunJobs } from '../../local/run/jobs.ts';
import type { ExecutionRecord, JobSpec } from '../../local/run/records.ts';
import { runRoutes } from '../../local/run/routes.ts';
import { RunStore } from '../../local/run/store.ts';
import { memoryState, type State } from '../../local/state/state.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import {
  KEY_VARIABLES,
  type AttemptKey,
  type Execution,
  type JobRunner,
} from '../../shared/executions/runner.ts';
import { cloudRunJob, type JobsConfig } from '../../shared/google/run.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import { startMesh, PROJECT, REGION, type WatchedMesh } from './cloud.ts';
import { until } from '../waiting.ts';

const PROGRAM = `
const { MODE, PIPELINE, RUN_ID, ATTEMPT } = process.env;
if (MODE === 'stay') setInterval(() => {}, 1000);
if (MODE === 'fail') process.exit(7);
if (MODE === 'key' && [PIPELINE, RUN_ID, ATTEMPT].join(' ') !== 'p 000001-0123abcd 1') process.exit(8);
`;
const JOB_NAME = `projects/${PROJECT}/locations/${REGION}/jobs/p-forecast`;
const JOB: JobSpec = {
  name: JOB_NAME,
  image: 'forecast',
  env: {},
  serviceAccountEmail: `job@${PROJECT}.iam.gserviceaccount.com`,
  maxRetries: 0,
  timeoutSeconds: 60,
};
const RUN_JOB = /:run(\?|$)/;

let mesh: WatchedMesh;
let config: JobsConfig;
let jobs: JobRunner;
before(async () => {
  const programs: { folder?: string } = {};
  mesh = await startMesh(() => ({
    command: [process.execPath, join(programs.folder ?? '', 'task.mjs')],
    cwd: programs.folder ?? '',
    variables: [...KEY_VARIABLES, 'MODE'],
  }));
  programs.folder = mesh.folder;
  await writeFile(join(mesh.folder, 'task.mjs'), PROGRAM);
  mesh.cloud.jobs.ensureJob(JOB);
  mesh.cloud.jobs.start();
  config = { ...mesh.config, JOB_REGION: REGION };
  jobs = cloudRunJob('p-forecast', config);
});
after(() => mesh.close());

let runs = 0;
const newKey = (): AttemptKey => ({
  pipeline: 'p',
  run: `${String(++runs).padStart(6, '0')}-0123abcd`,
  attempt: 1,
});

async function nameFound(runner: JobRunner, key: AttemptKey): Promise<string | undefined> {
  const found = await runner.find(key);
  return found.kind === 'found' ? found.execution.name : undefined;
}

const endOf = (name: string): Promise<Execution> =>
  until(`${name} to end`, async () => {
    const execution = await jobs.get(name);
    return execution?.state === 'running' ? undefined : execution;
  });

test('an execution gets its key, succeeds, and reports when it began and ended', async () => {
  const beforeMs = Date.now();
  const name = await jobs.start(newKey(), { MODE: 'key' });
  const execution = await endOf(name);
  assert.equal(execution.state, 'succeeded');
  const { startedAtMs = NaN, completedAtMs = NaN } = execution;
  const times = [beforeMs, startedAtMs, completedAtMs, Date.now()];
  assert.deepEqual(times, times.toSorted());
});

test('an execution that fails reports it, with a reason', async () => {
  const execution = await endOf(await jobs.start(newKey(), { MODE: 'fail' }));
  assert.equal(execution.state, 'failed');
  assert.ok((execution.message ?? '').length > 0);
});

test('a running execution is found by its key and by its name, and ends cancelled when it is', async () => {
  const key = newKey();
  const name = await jobs.start(key, { MODE: 'stay' });
  assert.equal(await nameFound(jobs, key), name);
  assert.equal((await jobs.get(name))?.state, 'running');
  await jobs.cancel(name);
  assert.equal((await endOf(name)).state, 'cancelled');
});

test('the executions since a time are listed with their keys, the newest first', async () => {
  const keys = [newKey(), newKey(), newKey()];
  const names: string[] = [];
  let sinceMs = 0;
  for (const key of keys) {
    if (names.length === 1) {
      await until('the next millisecond', async () => Date.now() > sinceMs || undefined);
      sinceMs = Date.now();
    }
    names.push(await jobs.start(key, { MODE: 'key' }));
    if (names.length === 1) sinceMs = Date.now();
  }
  const recent = await jobs.recent(sinceMs);
  assert.deepEqual(
    recent.executions.map(({ name, key }) => [name, key]),
    [
      [names[2], keys[2]],
      [names[1], keys[1]],
    ],
  );
  assert.equal(recent.sinceMs, sinceMs);
  for (const name of names) await endOf(name);
});

test('a key that no execution carries finds none, and a name that is not there is undefined', async () => {
  const key = newKey();
  const name = await jobs.start(key, { MODE: 'key' });
  assert.deepEqual(await jobs.find({ ...key, attempt: 2 }), { kind: 'none' });
  assert.deepEqual(await jobs.find({ ...key, pipeline: 'q' }), { kind: 'none' });
  assert.equal(await jobs.get(`${name}-absent`), undefined);
  await endOf(name);
});

test('started twice under one key, the newest is found', async () => {
  const key = newKey();
  const first = await jobs.start(key, { MODE: 'fail' });
  await endOf(first);
  const second = await jobs.start(key, { MODE: 'fail' });
  assert.equal(await nameFound(jobs, key), second);
  await endOf(second);
});

const ports = () => ({ runs: new MemoryStore('runs'), jobs, now: () => Date.now(), newId: () => 'token' });

test('a submission whose answer was lost is settled by its key, and is one execution', async () => {
  const key = newKey();
  const before = mesh.cloud.jobs.executions().length;
  mesh.cloud.api.faults.plan({ method: 'POST', url: RUN_JOB, action: 'lose-answer' });
  const { execution } = await submitAttempt(key, ports());
  assert.deepEqual(mesh.cloud.api.faults.unused(), []);
  mesh.cloud.api.faults.clear();
  assert.equal(await nameFound(jobs, key), execution);
  assert.equal(mesh.cloud.jobs.executions().length, before + 1);
});

test('a submission that never arrived is transient', async () => {
  mesh.cloud.api.faults.plan({ method: 'POST', url: RUN_JOB, action: 'lose-request' });
  await assert.rejects(submitAttempt(newKey(), ports()), TransientError);
  assert.deepEqual(mesh.cloud.api.faults.unused(), []);
  mesh.cloud.api.faults.clear();
});

test('a job that does not exist is permanent, and named', async () => {
  await assert.rejects(
    cloudRunJob('absent', config).start(newKey(), {}),
    (error: unknown) => error instanceof PermanentError && /jobs\/absent/.test(error.message),
  );
});

for (const count of [1001, 2500]) {
  test(`the oldest of ${count} executions is found, and what none carries is in none of them`, async (t) => {
    const { runner, oldest } = await afterMany(t, count);
    assert.equal(await nameFound(runner, oldest.key), oldest.name);
    assert.deepEqual(await runner.find({ ...oldest.key, attempt: 2 }), { kind: 'none' });
  });
}

test('where a job has more executions than are listed, it is unknown whether one exists', async (t) => {
  const { runner, oldest } = await afterMany(t, 5001);
  const found = await runner.find(oldest.key);
  assert.ok(found.kind === 'unknown', found.kind);
  assert.match(found.reason, /jobs\/p-forecast has more than 5000 executions/);
  const recent = await runner.recent(0);
  assert.equal(recent.executions.length, 5000);
  assert.ok(recent.sinceMs > 0);
});

/** A Cloud Run of its own, whose job was executed `count` times in these days, by nothing but its records. */
async function afterMany(t: TestContext, count: number) {
  const state = memoryState();
  const store = new RunStore(state);
  const records = Array.from({ length: count }, (_, index) => endedExecution(index));
  state.transaction(() => {
    for (const record of records) store.addExecution(record);
  });
  const api = createApi();
  runRoutes(api.app, runJobsOver(state), allowAll);
  t.after(() => api.close());
  const endpoint = `http://127.0.0.1:${await api.listenAs(OPERATOR)}`;
  const runner = cloudRunJob('p-forecast', {
    ...mesh.config,
    JOB_REGION: REGION,
    GOOGLE_API_ENDPOINT: endpoint,
  });
  return { runner, oldest: { name: records[0]?.name, key: keyOf(0) } };
}

const keyOf = (index: number): AttemptKey => ({
  pipeline: 'p',
  run: `${String(index + 1).padStart(6, '0')}-0123abcd`,
  attempt: 1,
});

function endedExecution(index: number): Omit<ExecutionRecord, 'sequence'> {
  const { pipeline, run, attempt } = keyOf(index);
  const nowMs = Date.now();
  return {
    ...{ name: `${JOB_NAME}/executions/e${index}`, job: JOB_NAME, uid: `e${index}`, logFile: '' },
    spec: { ...JOB, args: [], env: { PIPELINE: pipeline, RUN_ID: run, ATTEMPT: String(attempt) } },
    ...{ state: 'succeeded', attempts: 1, exitCode: 0, cancelRequested: false },
    ...{ createdAtMs: nowMs, startedAtMs: nowMs, completedAtMs: nowMs, lastChangeMs: nowMs },
  };
}

function runJobsOver(state: State): RunJobs {
  const none = () => ({ command: [], cwd: '', variables: [] });
  const jobsOver = new RunJobs({
    ...{ state, clock: systemClock, newId: randomIds, logFolder: '' },
    envOf: async () => ({}),
    images: none,
  });
  jobsOver.ensureJob(JOB);
  return jobsOver;
}
