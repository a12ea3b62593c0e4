// Executions as processes: attempts, time limits, cancellation, and what a killed cloud leaves behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { systemClock, VirtualClock, type Clock } from '../../../local/clock.ts';
import { randomIds } from '../../../local/ids.ts';
import { RunJobs } from '../../../local/run/jobs.ts';
import type { ExecutionRecord, JobSpec } from '../../../local/run/records.ts';
import { memoryState, openState, type State } from '../../../local/state/state.ts';
import { imagesIn, isAlive } from './image.ts';
import { until } from '../../waiting.ts';

const JOB = 'projects/p/locations/l/jobs/forecast';

let folder: string;
let lives: RunJobs[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-jobs-'));
  lives = [];
});
afterEach(async () => {
  for (const life of lives) await life.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: { state?: State; clock?: Clock } = {}): Promise<RunJobs> {
  const jobs = new RunJobs({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    envOf: async (email) => ({ IDENTITY_OBSERVED: email }),
    images: await imagesIn(folder),
    logFolder: join(folder, 'logs'),
    ...options,
  });
  lives.push(jobs);
  return jobs;
}

const job = (mode: string, over: Partial<JobSpec> = {}): JobSpec => ({
  name: JOB,
  image: 'sample',
  env: { MODE: mode, FOLDER: folder },
  serviceAccountEmail: 'forecast@p.iam.gserviceaccount.com',
  maxRetries: 0,
  timeoutSeconds: 60,
  ...over,
});

async function ended(jobs: RunJobs, { name }: ExecutionRecord): Promise<ExecutionRecord> {
  return until('the execution to end', () => {
    const execution = jobs.execution(name);
    return execution.state === 'running' ? undefined : execution;
  });
}

const pidsOf = (attempt = 0): Promise<number[]> =>
  until('what the task wrote', async () => {
    const text = await readFile(join(folder, `pids-${attempt}.json`), 'utf8').catch(() => '');
    return text === '' ? undefined : (JSON.parse(text) as number[]);
  });

const aliveOf = async (pids: number[]) => (await Promise.all(pids.map(isAlive))).filter(Boolean).length;
const allExit = (pids: number[]) =>
  until('the processes to end', async () => ((await aliveOf(pids)) === 0 ? true : undefined));

test('a task sees its settings, its identity and what Cloud Run tells it, and nothing of the host', async () => {
  const jobs = await open();
  jobs.ensureJob(job('env'));
  process.env['HOST_SECRET'] = 'not for tasks';
  const execution = jobs.run(JOB, { env: { RUN_ID: 'r1' }, args: ['--x'] });
  assert.equal((await ended(jobs, execution)).state, 'succeeded');
  delete process.env['HOST_SECRET'];
  const observed = JSON.parse(await readFile(join(folder, 'env.json'), 'utf8')) as {
    env: Record<string, string>;
    args: string[];
  };
  assert.deepEqual(observed.args, ['--x']);
  assert.equal(observed.env['RUN_ID'], 'r1');
  assert.equal(observed.env['MODE'], 'env');
  assert.equal(observed.env['IDENTITY_OBSERVED'], 'forecast@p.iam.gserviceaccount.com');
  assert.equal(observed.env['CLOUD_RUN_JOB'], 'forecast');
  assert.equal(observed.env['CLOUD_RUN_EXECUTION'], execution.name.split('/').at(-1));
  assert.equal(observed.env['CLOUD_RUN_TASK_INDEX'], '0');
  assert.equal(observed.env['CLOUD_RUN_TASK_ATTEMPT'], '0');
  assert.equal(observed.env['CLOUD_RUN_TASK_COUNT'], '1');
  assert.equal(observed.env['HOST_SECRET'], undefined);
});

test('a task that fails twice succeeds at its third attempt, and its log tells all three', async () => {
  const jobs = await open();
  jobs.ensureJob(job('flaky', { maxRetries: 2, env: { MODE: 'flaky', FAILURES: '2' } }));
  const execution = await ended(jobs, jobs.run(JOB));
  assert.deepEqual([execution.state, execution.attempts], ['succeeded', 3]);
  const log = await until('a line of the log', async () => {
    const text = await readFile(join(folder, 'logs', `${execution.name.split('/').at(-1)}.log`), 'utf8');
    return text.includes('attempt 2 of flaky') ? text : undefined;
  });
  assert.match(log, /attempt 0 of flaky[^]*attempt 1 of flaky[^]*attempt 2 of flaky/);
});

test('a task that keeps failing fails its execution with the exit code', async () => {
  const jobs = await open();
  jobs.ensureJob(job('flaky', { maxRetries: 1, env: { MODE: 'flaky', FAILURES: '9' } }));
  const execution = await ended(jobs, jobs.run(JOB));
  assert.deepEqual([execution.state, execution.attempts, execution.lastEnding?.exitCode], ['failed', 2, 3]);
});

test('an attempt past its time gets SIGTERM, ten seconds later SIGKILL, and its children go with it', async () => {
  const clock = new VirtualClock();
  const jobs = await open({ clock });
  jobs.ensureJob(job('stubborn'));
  const execution = jobs.run(JOB, { timeoutSeconds: 3600 });
  const pids = await pidsOf();
  clock.advance(3_599_999);
  assert.equal(jobs.execution(execution.name).state, 'running');
  clock.advance(1);
  await until('the signals to be written', () =>
    readFile(join(folder, 'signals.txt'), 'utf8').catch(() => undefined),
  );
  clock.advance(9_999);
  assert.equal(await aliveOf(pids.slice(0, 1)), 1);
  clock.advance(1);
  const failed = await ended(jobs, execution);
  assert.deepEqual([failed.state, failed.lastEnding?.kind], ['failed', 'timed-out']);
  await allExit(pids);
});

test('a cancelled execution ends with its children and is not tried again', async () => {
  const jobs = await open();
  jobs.ensureJob(job('family', { maxRetries: 3 }));
  const execution = jobs.run(JOB);
  const pids = await pidsOf();
  jobs.cancel(execution.name);
  const cancelled = await ended(jobs, execution);
  assert.deepEqual([cancelled.state, cancelled.attempts], ['cancelled', 1]);
  await allExit(pids);
  assert.throws(() => jobs.cancel(execution.name), { code: 400 });
});

test('an execution cancelled before its process has begun never begins', async () => {
  const jobs = await open();
  jobs.ensureJob(job('env'));
  const execution = jobs.run(JOB);
  jobs.cancel(execution.name);
  assert.equal((await ended(jobs, execution)).state, 'cancelled');
  await assert.rejects(readFile(join(folder, 'env.json')), { code: 'ENOENT' });
});

test('a program that does not exist fails the execution, with the reason', async () => {
  const jobs = new RunJobs({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    envOf: async () => ({}),
    images: () => ({ command: ['/nonexistent/program'], cwd: folder, variables: [] }),
    logFolder: join(folder, 'logs'),
  });
  lives.push(jobs);
  jobs.ensureJob(job('env'));
  const execution = await ended(jobs, jobs.run(JOB));
  assert.equal(execution.state, 'failed');
  assert.match(execution.lastEnding?.message ?? '', /ENOENT/);
});

test('stopping ends the processes, and the next start continues with the next attempt', async () => {
  const state = memoryState();
  const first = await open({ state });
  first.ensureJob(job('family', { maxRetries: 1 }));
  const execution = first.run(JOB);
  const pids = await pidsOf(0);
  await first.stop();
  assert.equal(first.execution(execution.name).state, 'running');
  await allExit(pids);
  const second = await open({ state });
  second.start();
  await pidsOf(1);
  assert.equal(second.execution(execution.name).attempts, 2);
});

test('after a kill -9 of the cloud its orphans are ended, and the execution is retried, then failed', async () => {
  const file = join(folder, 'state.db');
  const program = `
    const { RunJobs } = await import(${source('run/jobs.ts')});
    const { openState } = await import(${source('state/state.ts')});
    const { systemClock } = await import(${source('clock.ts')});
    const { randomIds } = await import(${source('ids.ts')});
    const jobs = new RunJobs({
      state: openState(${JSON.stringify(file)}), clock: systemClock, newId: randomIds,
      envOf: async () => ({}), logFolder: ${JSON.stringify(join(folder, 'logs'))},
      images: () => ({ command: [process.execPath, ${JSON.stringify(join(folder, 'task.mjs'))}], cwd: '/', variables: [] }),
    });
    jobs.ensureJob(${JSON.stringify(job('family', { maxRetries: 1 }))});
    jobs.start();
    if (jobs.executions().length === 0) jobs.run(${JSON.stringify(JOB)});
  `;
  await imagesIn(folder);
  for (const attempt of [0, 1]) {
    const cloud = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
    const pids = await pidsOf(attempt);
    cloud.kill('SIGKILL');
    await until('the cloud to end', () => (cloud.signalCode === null ? undefined : true));
    assert.equal(await aliveOf(pids), 3, 'the orphans live on');
    if (attempt === 1) await allExit(await pidsOf(0));
  }
  const state = openState(file);
  const last = await open({ state });
  last.start();
  const [execution] = last.listExecutions(JOB).items;
  assert.ok(execution);
  const failed = await ended(last, execution);
  assert.deepEqual([failed.state, failed.attempts, failed.lastEnding?.kind], ['failed', 2, 'lost']);
  await allExit(await pidsOf(1));
  state.close();
});

const source = (path: string): string =>
  JSON.stringify(new URL(`../../../local/${path}`, import.meta.url).href);
