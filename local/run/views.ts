// Jobs, executions, tasks and operations as the Cloud Run Admin API v2 shows them.
import { pathToFileURL } from 'node:url';
import { shortName, type ExecutionRecord, type JobRecord, type JobSpec } from './records.ts';

type Json = Record<string, unknown>;

/** `$alt=json;enum-encoding=int` asks for numbers; everybody else gets the names. */
export type EnumEncoding = 'int' | 'name';

const STATES = {
  CONDITION_PENDING: 1,
  CONDITION_RECONCILING: 2,
  CONDITION_FAILED: 3,
  CONDITION_SUCCEEDED: 4,
} as const;
const EXECUTION_REASONS = { NON_ZERO_EXIT_CODE: 2, CANCELLED: 3, CANCELLING: 4 } as const;
const COMMON_REASONS = { CONTAINER_MISSING: 6, INTERNAL: 16 } as const;

export interface Completion {
  readonly state: keyof typeof STATES;
  readonly message?: string;
  readonly executionReason?: keyof typeof EXECUTION_REASONS;
  readonly reason?: keyof typeof COMMON_REASONS;
}

/** The condition `Completed` of an execution, in words. */
export function completionOf(execution: ExecutionRecord): Completion {
  const { state, lastEnding } = execution;
  switch (state) {
    case 'running':
      if (execution.cancelRequested) return { state: 'CONDITION_RECONCILING', executionReason: 'CANCELLING' };
      return { state: execution.attempts === 0 ? 'CONDITION_PENDING' : 'CONDITION_RECONCILING' };
    case 'succeeded':
      return { state: 'CONDITION_SUCCEEDED', message: 'Execution completed successfully.' };
    case 'cancelled':
      return {
        state: 'CONDITION_FAILED',
        message: 'The execution was cancelled.',
        executionReason: 'CANCELLED',
      };
    case 'failed': {
      const code = lastEnding?.exitCode === undefined ? '' : ` exit code: ${lastEnding.exitCode} and`;
      const message = `Task ${taskName(execution)} failed with${code} message: ${lastEnding?.message ?? ''}`;
      if (lastEnding?.kind === 'not-started')
        return { state: 'CONDITION_FAILED', message, reason: 'CONTAINER_MISSING' };
      if (lastEnding?.kind === 'lost') return { state: 'CONDITION_FAILED', message, reason: 'INTERNAL' };
      return { state: 'CONDITION_FAILED', message, executionReason: 'NON_ZERO_EXIT_CODE' };
    }
  }
}

export function executionView(execution: ExecutionRecord, encoding: EnumEncoding): Json {
  return {
    name: execution.name,
    uid: execution.uid,
    generation: '1',
    createTime: time(execution.createdAtMs),
    ...times(execution),
    updateTime: time(execution.lastChangeMs),
    launchStage: encoding === 'int' ? 4 : 'GA',
    job: shortName(execution.job),
    parallelism: 1,
    taskCount: 1,
    template: taskTemplate(execution.spec, encoding, execution.spec.args),
    reconciling: execution.state === 'running',
    conditions: conditions(execution, encoding),
    observedGeneration: '1',
    ...countsOf(execution),
    logUri: pathToFileURL(execution.logFile).href,
    etag: etag(execution.lastChangeMs, execution.attempts),
  };
}

/** How many tasks are in which state; an execution has one task here. */
export function countsOf(execution: ExecutionRecord) {
  const one = (yes: boolean): number => (yes ? 1 : 0);
  return {
    runningCount: one(execution.state === 'running' && execution.attempts > 0),
    succeededCount: one(execution.state === 'succeeded'),
    failedCount: one(execution.state === 'failed'),
    cancelledCount: one(execution.state === 'cancelled'),
    retriedCount: Math.max(execution.attempts - 1, 0),
  };
}

export function taskView(execution: ExecutionRecord, encoding: EnumEncoding): Json {
  const { lastEnding } = execution;
  const { containers, ...template } = taskTemplate(execution.spec, encoding, execution.spec.args);
  return {
    name: `${execution.name}/tasks/${taskName(execution)}`,
    uid: execution.uid,
    generation: '1',
    createTime: time(execution.createdAtMs),
    scheduledTime: time(execution.createdAtMs),
    ...times(execution),
    updateTime: time(execution.lastChangeMs),
    job: shortName(execution.job),
    execution: shortName(execution.name),
    containers,
    ...template,
    reconciling: execution.state === 'running',
    conditions: conditions(execution, encoding),
    observedGeneration: '1',
    index: 0,
    retried: Math.max(execution.attempts - 1, 0),
    ...(lastEnding && {
      lastAttemptResult: {
        status: { code: lastEnding.message === '' ? 0 : 2, message: lastEnding.message },
        ...(lastEnding.exitCode !== undefined && { exitCode: lastEnding.exitCode }),
        ...(lastEnding.signal !== undefined && { termSignal: lastEnding.signal }),
      },
    }),
    logUri: pathToFileURL(execution.logFile).href,
    etag: etag(execution.lastChangeMs, execution.attempts),
  };
}

export function jobView(
  job: JobRecord,
  executionCount: number,
  newest: ExecutionRecord | undefined,
  encoding: EnumEncoding,
): Json {
  return {
    name: job.spec.name,
    uid: job.uid,
    generation: String(job.generation),
    createTime: time(job.createdAtMs),
    updateTime: time(job.updatedAtMs),
    launchStage: encoding === 'int' ? 4 : 'GA',
    template: { parallelism: 1, taskCount: 1, template: taskTemplate(job.spec, encoding, []) },
    observedGeneration: String(job.generation),
    terminalCondition: {
      type: 'Ready',
      ...condition({ state: 'CONDITION_SUCCEEDED' }, encoding),
      lastTransitionTime: time(job.updatedAtMs),
    },
    conditions: [],
    executionCount,
    ...(newest && {
      latestCreatedExecution: {
        name: shortName(newest.name),
        createTime: time(newest.createdAtMs),
        ...(newest.completedAtMs !== undefined && { completionTime: time(newest.completedAtMs) }),
      },
    }),
    reconciling: false,
    etag: etag(job.updatedAtMs, job.generation),
  };
}

export const time = (ms: number): string => new Date(ms).toISOString();
export const taskName = (execution: ExecutionRecord): string => `${shortName(execution.name)}-task0`;

function times(execution: ExecutionRecord): Json {
  return {
    ...(execution.startedAtMs !== undefined && { startTime: time(execution.startedAtMs) }),
    ...(execution.completedAtMs !== undefined && { completionTime: time(execution.completedAtMs) }),
  };
}

function conditions(execution: ExecutionRecord, encoding: EnumEncoding): Json[] {
  const lastTransitionTime = time(execution.lastChangeMs);
  return [
    { type: 'Completed', ...condition(completionOf(execution), encoding), lastTransitionTime },
    ...(execution.startedAtMs === undefined
      ? []
      : [
          {
            type: 'Started',
            ...condition({ state: 'CONDITION_SUCCEEDED' }, encoding),
            lastTransitionTime: time(execution.startedAtMs),
          },
        ]),
  ];
}

function condition({ state, message, executionReason, reason }: Completion, encoding: EnumEncoding): Json {
  const int = encoding === 'int';
  return {
    state: int ? STATES[state] : state,
    ...(message !== undefined && { message }),
    ...(executionReason && { executionReason: int ? EXECUTION_REASONS[executionReason] : executionReason }),
    ...(reason && { reason: int ? COMMON_REASONS[reason] : reason }),
  };
}

function taskTemplate(spec: JobSpec, encoding: EnumEncoding, args: readonly string[]): Json {
  const limits = { ...(spec.cpu && { cpu: spec.cpu }), ...(spec.memory && { memory: spec.memory }) };
  return {
    containers: [
      {
        image: spec.image,
        ...(args.length > 0 && { args }),
        env: Object.entries(spec.env).map(([name, value]) => ({ name, value })),
        ...(Object.keys(limits).length > 0 && { resources: { limits } }),
      },
    ],
    maxRetries: spec.maxRetries,
    timeout: `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountEmail,
    executionEnvironment: encoding === 'int' ? 2 : 'EXECUTION_ENVIRONMENT_GEN2',
  };
}

const etag = (changedAtMs: number, count: number): string => `"${changedAtMs.toString(36)}-${count}"`;
