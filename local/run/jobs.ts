// The local Cloud Run Jobs: jobs, and their executions as child processes of this one.
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ApiError, alreadyExists, invalid, notFound } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import { Executor, type EnvOf, type Image } from './executor.ts';
import { parentOf, shortName, type ExecutionRecord } from './records.ts';
import type { ExecutionState, JobRecord, JobSpec, Overrides } from './records.ts';
import { RunStore, type OperationRecord, type Page } from './store.ts';
import { checkVariables } from './variables.ts';

export type { EnvOf, Image } from './executor.ts';

export interface RunJobsOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly envOf: EnvOf;
  readonly images: (image: string) => Image | undefined;
  readonly logFolder: string;
  readonly onLog?: (line: { execution: string; job: string; text: string }) => void;
  readonly onEnded?: (execution: ExecutionRecord) => void;
}

export interface ExecutionSummary {
  readonly name: string;
  readonly state: ExecutionState;
  readonly startTime?: string;
  readonly completionTime?: string;
}

const MOST_NAMES_TRIED = 100;

export class RunJobs {
  readonly #options: RunJobsOptions;
  readonly #store: RunStore;
  readonly #executor: Executor;

  constructor(options: RunJobsOptions) {
    this.#options = options;
    this.#store = new RunStore(options.state);
    this.#executor = new Executor(options, this.#store);
  }

  /** Makes the job, or brings it up to date. Throws `ApiError` 400 for an unknown image. */
  ensureJob(spec: JobSpec): JobRecord {
    this.#imageOf(spec);
    const nowMs = this.#options.clock.now();
    const known = this.#store.job(spec.name);
    if (known !== undefined && JSON.stringify(known.spec) === JSON.stringify(spec)) return known;
    const job: JobRecord = {
      spec,
      uid: known?.uid ?? this.#options.newId(),
      generation: (known?.generation ?? 0) + 1,
      createdAtMs: known?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
    };
    this.#store.putJob(job);
    return job;
  }

  /** As a request asks. Throws `ApiError` 409 when there is one of that name, 501 for a variable of the process. */
  createJob(spec: JobSpec): JobRecord {
    checkVariables(spec.env, this.#imageOf(spec).variables);
    if (this.#store.job(spec.name)) throw alreadyExists(`Job '${shortName(spec.name)}' already exists.`);
    return this.ensureJob(spec);
  }

  /** Throws `ApiError` 404. */
  job(name: string): JobRecord {
    const job = this.#store.job(name);
    if (job === undefined) throw notFound(`Resource '${shortName(name)}' of kind 'JOB' does not exist.`);
    return job;
  }

  jobs(parent: string, pageSize: number, pageToken?: string): Page<JobRecord> {
    return this.#store.jobs(parent, pageSize, pageToken);
  }

  /** In any region of the project. */
  jobNamed(project: string, shortName: string): JobRecord | undefined {
    return this.#store.jobNamed(project, shortName);
  }

  /** In any region of the project, of any job. */
  executionNamed(project: string, shortName: string): ExecutionRecord | undefined {
    return this.#store.executionNamed(project, shortName);
  }

  /** Throws `ApiError` 400 while the job has a running execution. */
  deleteJob(name: string): JobRecord {
    const job = this.job(name);
    if (this.#store.running().some((execution) => execution.job === name)) {
      throw new ApiError(400, 'failedPrecondition', `Job '${shortName(name)}' has running executions.`);
    }
    this.#store.deleteJob(name);
    return job;
  }

  /**
   * Starts an execution; it is recorded before this returns, and its process begins after. Throws `ApiError` 501
   * for an override of a variable that the image leaves to the infra program.
   */
  run(jobName: string, overrides: Overrides = {}): ExecutionRecord {
    const { spec } = this.job(jobName);
    if (overrides.env !== undefined) checkVariables(overrides.env, this.#imageOf(spec).variables);
    const nowMs = this.#options.clock.now();
    const name = this.#freeName(jobName);
    const execution = this.#store.transaction(() =>
      this.#store.addExecution({
        name,
        job: jobName,
        uid: this.#options.newId(),
        spec: {
          ...spec,
          env: { ...spec.env, ...overrides.env },
          args: overrides.args ?? [],
          timeoutSeconds: overrides.timeoutSeconds ?? spec.timeoutSeconds,
        },
        logFile: join(this.#options.logFolder, `${shortName(name)}.log`),
        state: 'running',
        attempts: 0,
        cancelRequested: false,
        createdAtMs: nowMs,
        lastChangeMs: nowMs,
      }),
    );
    this.#executor.begin(execution);
    return execution;
  }

  /** Throws `ApiError` 404, or 400 when the execution has ended. */
  cancel(name: string): ExecutionRecord {
    const execution = this.execution(name);
    if (execution.state !== 'running') {
      throw new ApiError(400, 'failedPrecondition', `Execution '${shortName(name)}' has already completed.`);
    }
    const asked = { ...execution, cancelRequested: true, lastChangeMs: this.#options.clock.now() };
    this.#store.putExecution(asked);
    this.#executor.terminate(name);
    return asked;
  }

  /** A fault on purpose: kills the running attempt of each execution of that identity. */
  crash(serviceAccountEmail: string): void {
    for (const { name, spec } of this.#store.running())
      if (spec.serviceAccountEmail === serviceAccountEmail) this.#executor.crash(name);
  }

  /** Throws `ApiError` 404. */
  execution(name: string): ExecutionRecord {
    const execution = this.#store.execution(name);
    if (execution === undefined) {
      throw notFound(`Resource '${shortName(name)}' of kind 'EXECUTION' does not exist.`);
    }
    return execution;
  }

  /** Throws `ApiError` 400 while it runs. */
  deleteExecution(name: string): ExecutionRecord {
    const execution = this.execution(name);
    if (execution.state === 'running') {
      throw new ApiError(400, 'failedPrecondition', `Execution '${shortName(name)}' is running.`);
    }
    this.#store.deleteExecution(name);
    return execution;
  }

  /** Newest first. */
  listExecutions(job: string, pageSize = 100, pageToken?: string): Page<ExecutionRecord> {
    return this.#store.executions(job, pageSize, pageToken);
  }

  executionCount(job: string): number {
    return this.#store.executionCount(job);
  }

  /** The newest thousand executions of all jobs. */
  executions(): readonly ExecutionSummary[] {
    return this.#store.executions('*', 1000).items.map((execution) => ({
      name: execution.name,
      state: execution.state,
      ...(execution.startedAtMs && { startTime: new Date(execution.startedAtMs).toISOString() }),
      ...(execution.completedAtMs && { completionTime: new Date(execution.completedAtMs).toISOString() }),
    }));
  }

  /** Is kept when the execution has ended, the local cloud stops, or the seconds have passed. */
  settled(name: string, withinSeconds: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const cancelTimer = clock.at(clock.now() + withinSeconds * 1000, resolve);
      void this.#executor.settled(name).then(cancelTimer).then(resolve);
    });
  }

  recordOperation(kind: OperationRecord['kind'], target: string): OperationRecord {
    const name = `${parentOf(target)}/operations/${this.#options.newId()}`;
    this.#store.addOperation({ name, kind, target });
    return { name, kind, target };
  }

  /** Throws `ApiError` 404. */
  operation(name: string): OperationRecord {
    const operation = this.#store.operation(name);
    if (operation === undefined) throw notFound(`Operation '${shortName(name)}' does not exist.`);
    return operation;
  }

  /**
   * Takes up what a former life of the local cloud left running: its processes are ended, the attempt counts
   * as failed, and the execution continues with the next one if it has one.
   */
  start(): void {
    this.#executor.takeUp(this.#store.running());
  }

  /** Ends every child process. Their executions are taken up at the next `start`. */
  async stop(): Promise<void> {
    await this.#executor.stop();
  }

  #imageOf({ image }: JobSpec): Image {
    const found = this.#options.images(image);
    if (found === undefined) throw invalid(`Image '${image}' not found.`);
    return found;
  }

  #freeName(jobName: string): string {
    for (let tries = 0; tries < MOST_NAMES_TRIED; tries++) {
      const suffix = BigInt(`0x${this.#options.newId().replaceAll('-', '')}`)
        .toString(36)
        .slice(-5)
        .padStart(5, '0');
      const name = `${jobName}/executions/${shortName(jobName)}-${suffix}`;
      if (this.#store.execution(name) === undefined) return name;
    }
    throw new Error(`no free name for an execution of ${jobName} in ${MOST_NAMES_TRIED} tries`);
  }
}
