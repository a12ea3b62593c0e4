// Cloud Run Jobs behind the job runner's port.
import type { protos } from '@google-cloud/run';
import { TransientError } from '../errors.ts';
import type {
  AttemptKey,
  Execution,
  ExecutionState,
  Found,
  JobRunner,
  KEY_VARIABLES,
  KeyedExecution,
  Recent,
} from '../executions/runner.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound } from './failures.ts';
import { lazily, once } from './lazily.ts';

// Two clients of the package's many; its index loads them all.
const jobsClient = lazily(() => import('@google-cloud/run/build/src/v2/jobs_client.js'));
const executionsClient = lazily(() => import('@google-cloud/run/build/src/v2/executions_client.js'));

type RunExecution = protos.google.cloud.run.v2.IExecution;
type Timestamp = protos.google.protobuf.ITimestamp;

// Less than the time that a delivery waits which finds an intent and no execution (start-run/submit.ts).
const LONGEST_SUBMISSION_MS = 60_000;
// Cloud Run keeps a job's last thousand executions, and all of the last seven days: one every two minutes is this many.
const MOST_EXECUTIONS = 5000;
const EXECUTIONS_A_PAGE = 200;

export interface JobsConfig extends GoogleConfig {
  /** Where the jobs run. */
  readonly JOB_REGION: string;
}

/** `jobName` is the short name of the job in the configured project and region. */
export function cloudRunJob(jobName: string, config: JobsConfig): JobRunner {
  const options = { fallback: true, ...endpointsOf(config).run } as const;
  const jobs = once(async () => new (await jobsClient()).JobsClient(options));
  const executions = once(async () => new (await executionsClient()).ExecutionsClient(options));
  const job = `projects/${config.GOOGLE_CLOUD_PROJECT}/locations/${config.JOB_REGION}/jobs/${jobName}`;
  return {
    async start(key, env) {
      const variables = Object.entries({ ...env, ...keyVariables(key) }).map(([name, value]) => ({
        name,
        value,
      }));
      try {
        const [operation] = await (
          await jobs()
        ).runJob(
          { name: job, overrides: { containerOverrides: [{ env: variables }] } },
          { timeout: LONGEST_SUBMISSION_MS },
        );
        const { name } = operation.metadata as RunExecution;
        if (!name)
          throw new TransientError(
            'Cloud Run started an execution without naming it; the next delivery finds it',
            {
              code: 'SERVICE_UNAVAILABLE',
            },
          );
        return name;
      } catch (error) {
        throw failure(`starting ${job}`, error);
      }
    },
    async find(key) {
      try {
        // The newest first; the client reads the next page when this one is consumed.
        const page = { parent: job, pageSize: EXECUTIONS_A_PAGE };
        const client = await executions();
        return await findIn(client.listExecutionsAsync(page, { autoPaginate: false }), key, job);
      } catch (error) {
        throw failure(`finding an execution of ${job}`, error);
      }
    },
    async recent(sinceMs) {
      try {
        const page = { parent: job, pageSize: EXECUTIONS_A_PAGE };
        const client = await executions();
        return await recentIn(client.listExecutionsAsync(page, { autoPaginate: false }), sinceMs);
      } catch (error) {
        throw failure(`listing the executions of ${job}`, error);
      }
    },
    async get(name) {
      try {
        const [execution] = await (await executions()).getExecution({ name });
        return executionOf(execution);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw failure(`reading ${name}`, error);
      }
    },
    async cancel(name) {
      try {
        await (await executions()).cancelExecution({ name });
      } catch (error) {
        throw failure(`cancelling ${name}`, error);
      }
    },
  };
}

async function findIn(executions: AsyncIterable<RunExecution>, key: AttemptKey, job: string): Promise<Found> {
  let newest: Execution | undefined;
  let observed = 0;
  for await (const each of executions) {
    if (++observed > MOST_EXECUTIONS)
      return newest === undefined ? tooMany(job) : { kind: 'found', execution: newest };
    if (!carries(each, key)) continue;
    const execution = executionOf(each);
    if (execution.state === 'running' || execution.state === 'succeeded') return { kind: 'found', execution };
    newest ??= execution;
  }
  return newest === undefined ? { kind: 'none' } : { kind: 'found', execution: newest };
}

async function recentIn(listed: AsyncIterable<RunExecution>, sinceMs: number): Promise<Recent> {
  const found: KeyedExecution[] = [];
  // The newest first.
  for await (const each of listed) {
    const createdAtMs = millisecondsOf(each.createTime) ?? Date.now();
    if (createdAtMs < sinceMs) break;
    if (found.length === MOST_EXECUTIONS) return { executions: found, sinceMs: createdAtMs + 1 };
    found.push({ ...executionOf(each), key: keyOf(each) });
  }
  return { executions: found, sinceMs };
}

const tooMany = (job: string): Found => ({
  kind: 'unknown',
  reason: `${job} has more than ${MOST_EXECUTIONS} executions, and the attempt's is not among the newest`,
});

const keyVariables = (key: AttemptKey): Record<(typeof KEY_VARIABLES)[number], string> => ({
  PIPELINE: key.pipeline,
  RUN_ID: key.run,
  ATTEMPT: String(key.attempt),
});

function carries(execution: RunExecution, key: AttemptKey): boolean {
  const found = variablesOf(execution);
  return Object.entries(keyVariables(key)).every(([name, value]) => found.get(name) === value);
}

function keyOf(execution: RunExecution): AttemptKey | undefined {
  const found = variablesOf(execution);
  const [pipeline, run, attempt] = [found.get('PIPELINE'), found.get('RUN_ID'), Number(found.get('ATTEMPT'))];
  if (!pipeline || !run || !Number.isInteger(attempt)) return undefined;
  return { pipeline, run, attempt };
}

const variablesOf = (execution: RunExecution): ReadonlyMap<string, string> =>
  new Map(
    (execution.template?.containers?.[0]?.env ?? []).map(({ name, value }) => [name ?? '', value ?? '']),
  );

function executionOf(execution: RunExecution): Execution {
  const completed = execution.conditions?.find((condition) => condition.type === 'Completed');
  return {
    name: execution.name ?? '',
    state: stateOf(execution, Boolean(completed && execution.completionTime)),
    startedAtMs: millisecondsOf(execution.startTime),
    completedAtMs: millisecondsOf(execution.completionTime),
    message: completed?.message || undefined,
  };
}

function stateOf(execution: RunExecution, ended: boolean): ExecutionState {
  if (!ended) return 'running';
  if ((execution.cancelledCount ?? 0) > 0) return 'cancelled';
  return (execution.succeededCount ?? 0) > 0 && (execution.failedCount ?? 0) === 0 ? 'succeeded' : 'failed';
}

const millisecondsOf = (time: Timestamp | null | undefined): number | undefined =>
  time?.seconds === undefined || time.seconds === null
    ? undefined
    : Number(time.seconds) * 1000 + (time.nanos ?? 0) / 1e6;
