// The real Google client for Cloud Run, over REST, and gcloud, against the local one.
import { protos, v2 } from '@google-cloud/run';
import { PassThroughClient } from 'google-auth-library';
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { systemClock } from '../../../local/clock.ts';
import { createApi, OPERATOR, type Api } from '../../../local/http/api.ts';
import { ApiError } from '../../../local/http/errors.ts';
import { randomIds } from '../../../local/ids.ts';
import { RunJobs } from '../../../local/run/jobs.ts';
import { runRoutes } from '../../../local/run/routes.ts';
import { memoryState } from '../../../local/state/state.ts';
import { imagesIn } from './image.ts';
import { LONGEST_PROCESS_MS, until } from '../../waiting.ts';

const { State, ExecutionReason } = protos.google.cloud.run.v2.Condition;
const REGION = 'projects/p1/locations/europe-west1';
const JOB = `${REGION}/jobs/forecast`;

let folder: string;
let api: Api;
let runJobs: RunJobs;
let port: number;
let jobs: v2.JobsClient;
let executions: v2.ExecutionsClient;
let tasks: v2.TasksClient;
const asked: string[] = [];
const refused = new Set<string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-client-'));
  api = createApi();
  runJobs = new RunJobs({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    envOf: async () => ({}),
    images: await imagesIn(folder),
    logFolder: join(folder, 'logs'),
  });
  runRoutes(api.app, runJobs, (_caller, permission, resource) => {
    asked.push(`${permission} on ${resource}`);
    if (refused.has(permission)) throw new ApiError(403, 'forbidden', `${permission} denied`);
  });
  port = await api.listenAs(OPERATOR);
  runJobs.ensureJob({
    name: JOB,
    image: 'sample',
    env: { MODE: 'env', FOLDER: folder },
    serviceAccountEmail: 'forecast@p1.iam.gserviceaccount.com',
    maxRetries: 0,
    timeoutSeconds: 600,
    memory: '4Gi',
  });
  const options = {
    apiEndpoint: '127.0.0.1',
    port,
    protocol: 'http',
    fallback: true,
    authClient: new PassThroughClient(),
  } as const;
  jobs = new v2.JobsClient(options);
  executions = new v2.ExecutionsClient(options);
  tasks = new v2.TasksClient(options);
});
after(async () => {
  await runJobs.stop();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const overriding = (env: Record<string, string>) => ({
  name: JOB,
  overrides: {
    containerOverrides: [
      { args: ['--x'], env: Object.entries(env).map(([name, value]) => ({ name, value })) },
    ],
    taskCount: 1,
    timeout: { seconds: 3600 },
  },
});

async function endedExecution(name: string) {
  return until('the execution to end', async () => {
    const [execution] = await executions.getExecution({ name });
    return execution.completionTime ? execution : undefined;
  });
}

test('runJob answers at once with the execution, and the operation ends with it', async () => {
  asked.length = 0;
  const [operation] = await jobs.runJob(overriding({ RUN_ID: 'r1' }));
  const { name } = operation.metadata as { name: string };
  assert.match(name, new RegExp(`^${JOB}/executions/forecast-[a-z0-9]{5}$`));
  assert.deepEqual(asked.slice(0, 2), [`run.jobs.run on ${JOB}`, `run.jobs.runWithOverrides on ${JOB}`]);
  const [execution] = await operation.promise();
  assert.equal(execution.name, name);
  assert.equal(execution.succeededCount, 1);
  assert.equal(execution.runningCount, 0);
  const completed = execution.conditions?.find(({ type }) => type === 'Completed');
  assert.equal(completed?.state, State.CONDITION_SUCCEEDED);
  const container = execution.template?.containers?.[0];
  assert.equal(container?.env?.find((variable) => variable.name === 'RUN_ID')?.value, 'r1');
  assert.equal(container?.resources?.limits?.['memory'], '4Gi');
  assert.equal(Number(execution.template?.timeout?.seconds), 3600);
  const observed = JSON.parse(await readFile(join(folder, 'env.json'), 'utf8')) as { args: string[] };
  assert.deepEqual(observed.args, ['--x']);
});

test('a failed execution tells its reason, and its task the exit code', async () => {
  const [operation] = await jobs.runJob(overriding({ MODE: 'flaky', FAILURES: '9' }));
  const { name } = operation.metadata as { name: string };
  const execution = await endedExecution(name);
  assert.deepEqual([execution.failedCount, execution.succeededCount, execution.reconciling], [1, 0, false]);
  const completed = execution.conditions?.[0];
  assert.equal(completed?.state, 'CONDITION_FAILED');
  assert.equal(completed?.executionReason, 'NON_ZERO_EXIT_CODE');
  assert.match(completed?.message ?? '', /exit code: 3/);
  const [[task]] = await tasks.listTasks({ parent: name });
  assert.equal(task?.lastAttemptResult?.exitCode, 3);
  await assert.rejects(operation.promise(), /exit code: 3/);
});

test('a running execution is seen running, and cancelling it ends it', async () => {
  const [operation] = await jobs.runJob(overriding({ MODE: 'family' }));
  const { name } = operation.metadata as { name: string };
  await until('the execution to move', async () => {
    const [execution] = await executions.getExecution({ name });
    return execution.runningCount === 1 && execution.startTime ? true : undefined;
  });
  const [cancelling] = await executions.cancelExecution({ name });
  const [execution] = await cancelling.promise();
  assert.deepEqual([execution.cancelledCount, execution.failedCount], [1, 0]);
  assert.equal(execution.conditions?.[0]?.executionReason, ExecutionReason.CANCELLED);
});

test('an execution whose answer was lost has started all the same, and is found by its environment', async () => {
  api.faults.plan({ method: 'POST', url: /:run/, action: 'lose-answer' });
  await assert.rejects(jobs.runJob(overriding({ RUN_ID: 'lost' })));
  assert.deepEqual(api.faults.unused(), []);
  const [[execution]] = await executions.listExecutions({ parent: JOB });
  const env = execution?.template?.containers?.[0]?.env;
  assert.equal(env?.find((variable) => variable.name === 'RUN_ID')?.value, 'lost');
  await endedExecution(execution?.name ?? '');
});

test('executions are listed newest first, page after page', async () => {
  const started: string[] = [];
  for (const run of ['a', 'b', 'c']) {
    const [operation] = await jobs.runJob(overriding({ RUN_ID: run }));
    started.unshift((operation.metadata as { name: string }).name);
  }
  const observed: string[] = [];
  for await (const execution of executions.listExecutionsAsync({ parent: JOB, pageSize: 1 })) {
    observed.push(execution.name ?? '');
    if (observed.length === 3) break;
  }
  assert.deepEqual(observed, started);
  for (const name of started) await endedExecution(name);
});

test('a job can be created, seen, listed and deleted', async () => {
  const template = {
    template: { containers: [{ image: 'sample' }], maxRetries: 1, timeout: { seconds: 60 } },
  };
  const [creating] = await jobs.createJob({ parent: REGION, jobId: 'other', job: { template } });
  const [created] = await creating.promise();
  assert.equal(created.name, `${REGION}/jobs/other`);
  assert.equal((await jobs.getJob({ name: `${REGION}/jobs/other` }))[0].template?.template?.maxRetries, 1);
  const [listed] = await jobs.listJobs({ parent: REGION });
  assert.deepEqual(listed.map((job) => job.name).sort(), [JOB, `${REGION}/jobs/other`]);
  await assert.rejects(jobs.createJob({ parent: REGION, jobId: 'other', job: { template } }), { code: 6 });
  await jobs.deleteJob({ name: `${REGION}/jobs/other` });
  await assert.rejects(jobs.getJob({ name: `${REGION}/jobs/other` }), { code: 5 });
});

test('what is not there is 404, what is not allowed 403, what is not known 501', async () => {
  await assert.rejects(jobs.runJob({ name: `${REGION}/jobs/absent` }), { code: 5 });
  await assert.rejects(executions.getExecution({ name: `${JOB}/executions/absent` }), { code: 5 });
  await assert.rejects(jobs.runJob({ name: JOB, overrides: { taskCount: 2 } }), { code: 12 });
  await assert.rejects(jobs.runJob({ name: JOB, validateOnly: true }), { code: 12 });
  refused.add('run.jobs.runWithOverrides');
  await assert.rejects(jobs.runJob(overriding({})), { code: 7 });
  refused.clear();
  const url = `http://127.0.0.1:${port}/v2/${JOB}:run`;
  assert.equal((await fetch(`${url}?validateOnly=true`, { method: 'POST' })).status, 501);
  const answer = await fetch(`http://127.0.0.1:${port}/v2/${JOB}:paint`, { method: 'POST' });
  assert.equal(answer.status, 501);
});

test('waiting for an operation comes back when the execution has ended', async () => {
  const [{ name: operation }] = [await started()];
  const answer = await fetch(`http://127.0.0.1:${port}/v2/${operation}:wait`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"timeout":"10s"}',
  });
  assert.equal(((await answer.json()) as { done: boolean }).done, true);
});

async function started(): Promise<{ name: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/v2/${JOB}:run`, { method: 'POST' });
  return (await answer.json()) as { name: string };
}

const gcloudHere = (() => {
  try {
    execFileSync('gcloud', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test(
  'gcloud executes the job and lists its executions',
  { skip: gcloudHere ? false : 'gcloud is not on PATH' },
  async () => {
    const gcloud = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)(
        'gcloud',
        ['run', 'jobs', ...args, '--region=europe-west1', '--format=json'],
        {
          timeout: LONGEST_PROCESS_MS,
          env: {
            PATH: process.env['PATH'],
            CLOUDSDK_CONFIG: join(folder, 'gcloud'),
            CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
            CLOUDSDK_CORE_PROJECT: 'p1',
            CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
            CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://run.localhost:${port}/`,
            CLOUDSDK_PROXY_TYPE: 'http',
            CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
            CLOUDSDK_PROXY_PORT: String(port),
          },
        },
      );
      return JSON.parse(stdout) as unknown;
    };
    type Observed = { metadata: { name: string }; status: { succeededCount: number } };
    const executed = (await gcloud(
      'execute',
      'forecast',
      '--wait',
      '--update-env-vars=RUN_ID=g1',
    )) as Observed;
    assert.equal(executed.status.succeededCount, 1);
    const listed = (await gcloud('executions', 'list', '--job=forecast')) as Observed[];
    assert.equal(listed[0]?.metadata.name, executed.metadata.name);
  },
);

test('jobs are listed page after page, each once, and a page that cannot be is refused', async () => {
  const parent = 'projects/p1/locations/europe-north1';
  const names = Array.from({ length: 205 }, (_, index) => `${parent}/jobs/j${100 + index}`);
  for (const name of names) runJobs.ensureJob({ ...runJobs.job(JOB).spec, name });
  const listed: (string | null | undefined)[] = [];
  for await (const job of jobs.listJobsAsync({ parent, pageSize: 100 })) listed.push(job.name);
  assert.deepEqual(listed, names);
  const [all] = await jobs.listJobs({ parent });
  assert.equal(all.length, names.length);
  for (const page of [{ pageToken: 'not-ours' }, { pageSize: -1 }]) {
    await assert.rejects(executions.listExecutions({ parent: JOB, ...page }, { autoPaginate: false }));
  }
});
