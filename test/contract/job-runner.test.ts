// What a job runner promises, through the unmodified Cloud Run client, with a script for a container.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { submitAttempt } from '../../functions/start-run/submit.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import type { AttemptKey, Execution, JobRunner } from '../../shared/executions/runner.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import { openGround, PROJECT, REGION, type Ground } from './cloud.ts';
import { until } from '../waiting.ts';

const PROGRAM = `
const { MODE, PIPELINE, RUN_ID, ATTEMPT } = process.env;
if (MODE === 'stay') setInterval(() => {}, 1000);
if (MODE === 'fail') process.exit(7);
if (MODE === 'key' && [PIPELINE, RUN_ID, ATTEMPT].join(' ') !== 'p 000001-0123abcd 1') process.exit(8);
`;
const RUN_JOB = /:run(\?|$)/;

let ground: Ground;
let jobs: JobRunner;
before(async () => {
  const programs: { folder?: string } = {};
  ground = await openGround(() => ({
    command: [process.execPath, join(programs.folder ?? '', 'task.mjs')],
    cwd: programs.folder ?? '',
  }));
  programs.folder = ground.folder;
  await writeFile(join(ground.folder, 'task.mjs'), PROGRAM);
  ground.cloud.jobs.ensureJob({
    name: `projects/${PROJECT}/locations/${REGION}/jobs/p-forecast`,
    image: 'forecast',
    env: {},
    serviceAccountEmail: `job@${PROJECT}.iam.gserviceaccount.com`,
    maxRetries: 0,
    timeoutSeconds: 60,
  });
  ground.cloud.jobs.start();
  jobs = cloudRunJob('p-forecast', ground.config);
});
after(() => ground.close());

let runs = 0;
const newKey = (): AttemptKey => ({
  pipeline: 'p',
  run: `${String(++runs).padStart(6, '0')}-0123abcd`,
  attempt: 1,
});

const endOf = (name: string): Promise<Execution> =>
  until(`${name} to end`, async () => {
    const execution = await jobs.get(name);
    return execution?.state === 'running' ? undefined : execution;
  });

test('an execution is told its key, succeeds, and says when it began and ended', async () => {
  const beforeMs = Date.now();
  const name = await jobs.start(newKey(), { MODE: 'key' });
  const execution = await endOf(name);
  assert.equal(execution.state, 'succeeded');
  const { startedAtMs = NaN, completedAtMs = NaN } = execution;
  const times = [beforeMs, startedAtMs, completedAtMs, Date.now()];
  assert.deepEqual(times, times.toSorted());
});

test('an execution that fails says so, with a reason', async () => {
  const execution = await endOf(await jobs.start(newKey(), { MODE: 'fail' }));
  assert.equal(execution.state, 'failed');
  assert.ok((execution.message ?? '').length > 0);
});

test('a running execution is found by its key and by its name, and ends cancelled when it is', async () => {
  const key = newKey();
  const name = await jobs.start(key, { MODE: 'stay' });
  assert.equal((await jobs.find(key))?.name, name);
  assert.equal((await jobs.get(name))?.state, 'running');
  await jobs.cancel(name);
  assert.equal((await endOf(name)).state, 'cancelled');
});

test('a key that no execution carries finds none, and a name that is not there is undefined', async () => {
  const key = newKey();
  const name = await jobs.start(key, { MODE: 'key' });
  assert.equal(await jobs.find({ ...key, attempt: 2 }), undefined);
  assert.equal(await jobs.find({ ...key, pipeline: 'q' }), undefined);
  assert.equal(await jobs.get(`${name}-absent`), undefined);
  await endOf(name);
});

test('started twice under one key, the newest is found', async () => {
  const key = newKey();
  const first = await jobs.start(key, { MODE: 'fail' });
  await endOf(first);
  const second = await jobs.start(key, { MODE: 'fail' });
  assert.equal((await jobs.find(key))?.name, second);
  await endOf(second);
});

const ports = () => ({ runs: new MemoryStore('runs'), jobs, now: () => Date.now(), newId: () => 'token' });

test('a submission whose answer was lost is settled by its key, and is one execution', async () => {
  const key = newKey();
  const before = ground.cloud.jobs.executions().length;
  ground.cloud.api.faults.plan({ method: 'POST', url: RUN_JOB, action: 'lose-answer' });
  const { execution } = await submitAttempt(key, ports());
  assert.deepEqual(ground.cloud.api.faults.unused(), []);
  ground.cloud.api.faults.clear();
  assert.equal((await jobs.find(key))?.name, execution);
  assert.equal(ground.cloud.jobs.executions().length, before + 1);
});

test('a submission that never arrived is transient', async () => {
  ground.cloud.api.faults.plan({ method: 'POST', url: RUN_JOB, action: 'lose-request' });
  await assert.rejects(submitAttempt(newKey(), ports()), TransientError);
  assert.deepEqual(ground.cloud.api.faults.unused(), []);
  ground.cloud.api.faults.clear();
});

test('a job that does not exist is permanent, and named', async () => {
  await assert.rejects(
    cloudRunJob('absent', ground.config).start(newKey(), {}),
    (error: unknown) => error instanceof PermanentError && /jobs\/absent/.test(error.message),
  );
});
