// Takes jobs in, runs them one after another, and keeps what became of each in the file of the data.
import { alreadyExists, invalid, notFound } from '../http/errors.ts';
import { failureOf } from './failures.ts';
import { type Job, jobKey } from './jobs.ts';
import type { TableName } from './sql/scope.ts';
import { parsing } from './sql/syntax.ts';
import type { Session } from './store.ts';
import { dropTable } from './tables.ts';
import { quoted } from './types.ts';
import { describeQuery, type JobContext, prepareWork, type Touched, type Work } from './work.ts';

export interface JobRequest {
  readonly caller: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly jobId: string;
  readonly location: string | undefined;
}

interface LiveJob {
  job: Job;
  cancelled: boolean;
  readonly done: Promise<void>;
}

const RESULTS_KEPT_MS = 24 * 3600 * 1000;
const LONGEST_JOB_ID = 1024;
export class JobRunner {
  #context: JobContext;
  #live = new Map<string, LiveJob>();

  constructor(context: JobContext) {
    this.#context = context;
  }

  /** Jobs that a crash cut short have changed nothing: they are recorded as failed. */
  async recover(): Promise<void> {
    const rows = await this.#context.store.read(async (connection) =>
      (await connection.runAndReadAll(`SELECT body FROM sluice.jobs WHERE state <> 'DONE'`)).getRowsJS(),
    );
    for (const [body] of rows) {
      const job = JSON.parse(String(body)) as Job;
      const message =
        'The job encountered an error during execution: the local BigQuery was stopped. Retry with a new job ID.';
      await this.#record({
        ...job,
        state: 'DONE',
        endedMs: this.#context.clock.now(),
        errors: [{ reason: 'backendError', message }],
      });
    }
  }

  /** Takes a job in: it is on disk, and waits for its turn, when this returns. Throws 409 for an id used before. */
  async insert(request: JobRequest, touched: Touched): Promise<Job> {
    const work = await parsing(() => prepareWork(this.#context, request.configuration, touched));
    const reference = {
      projectId: this.#context.projectId,
      jobId: readJobId(request.jobId),
      location: this.#locationOf(request.location, work.tables),
    };
    const job: Job = {
      reference,
      caller: request.caller,
      configuration: request.configuration,
      state: 'PENDING',
      createdMs: this.#context.clock.now(),
    };
    const key = jobKey(reference);
    const duplicate = () =>
      alreadyExists(
        `Already Exists: Job ${this.#context.projectId}:${reference.location}.${reference.jobId}`,
      );
    if (this.#live.has(key)) throw duplicate();
    const recorded = Promise.withResolvers<void>();
    const live: LiveJob = {
      job,
      cancelled: false,
      done: recorded.promise.then(() => this.#run(live, work)),
    };
    live.done.catch(() => undefined);
    this.#live.set(key, live);
    try {
      await this.#context.store.journal(
        'INSERT INTO sluice.jobs VALUES ($location, $id, $created, $state, $body)',
        {
          location: reference.location,
          id: reference.jobId,
          created: BigInt(job.createdMs),
          state: job.state,
          body: JSON.stringify(job),
        },
      );
    } catch (error) {
      this.#live.delete(key);
      if (/Constraint Error|Duplicate key/.test(String(error))) throw duplicate();
      throw error;
    }
    recorded.resolve();
    return job;
  }

  /** Checks a query and describes its rows, running nothing. */
  async dryRun(request: Omit<JobRequest, 'jobId'>, touched: Touched): Promise<Job> {
    const { caller, configuration, location = 'EU' } = request;
    return {
      reference: { projectId: this.#context.projectId, jobId: '', location },
      caller,
      configuration,
      state: 'DONE',
      createdMs: this.#context.clock.now(),
      query: await describeQuery(this.#context, configuration, touched),
    };
  }

  /** The job as it is now. Throws 404. */
  async get(jobId: string, location: string | undefined): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live) return live.job;
    const rows = await this.#context.store.read(async (connection) =>
      (
        await connection.runAndReadAll(
          'SELECT body FROM sluice.jobs WHERE job_id = $id AND ($location IS NULL OR lower(location) = lower($location)) LIMIT 1',
          { id: jobId, location: location ?? null },
        )
      ).getRowsJS(),
    );
    const body = rows[0]?.[0];
    if (body === undefined)
      throw notFound(
        `Not found: Job ${this.#context.projectId}:${location === undefined ? '' : `${location}.`}${jobId}`,
      );
    return JSON.parse(String(body)) as Job;
  }

  /** Waits until the job is done, at most `timeoutMs`, and answers it as it then is. */
  async wait(jobId: string, location: string | undefined, timeoutMs: number): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live && timeoutMs > 0) {
      const late = Promise.withResolvers<void>();
      const cancel = this.#context.clock.at(this.#context.clock.now() + timeoutMs, late.resolve);
      await Promise.race([live.done, late.promise]);
      cancel();
    }
    return this.get(jobId, location);
  }

  async cancel(jobId: string, location: string | undefined): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live) {
      live.cancelled = true;
      if (live.job.state === 'RUNNING') this.#context.store.interrupt();
    }
    return this.get(jobId, location);
  }

  /** Jobs, newest first. */
  async list(limit: number, offset: number): Promise<Job[]> {
    const rows = await this.#context.store.read(async (connection) =>
      (
        await connection.runAndReadAll(
          'SELECT body FROM sluice.jobs ORDER BY created_ms DESC, job_id LIMIT $limit OFFSET $offset',
          { limit: BigInt(limit), offset: BigInt(offset) },
        )
      ).getRowsJS(),
    );
    return rows
      .map(([body]) => JSON.parse(String(body)) as Job)
      .map((job) => this.#live.get(jobKey(job.reference))?.job ?? job);
  }

  #liveJob(jobId: string, location: string | undefined): LiveJob | undefined {
    if (location !== undefined)
      return this.#live.get(jobKey({ projectId: this.#context.projectId, jobId, location }));
    return [...this.#live.values()].find(({ job }) => job.reference.jobId === jobId);
  }

  #locationOf(asked: string | undefined, tables: readonly TableName[]): string {
    const own = tables
      .map(({ datasetId }) => this.#context.store.catalog.dataset(datasetId)?.location)
      .find(Boolean);
    const location = asked ?? own ?? this.#context.store.catalog.datasets()[0]?.location ?? 'EU';
    if (own !== undefined && own.toLowerCase() !== location.toLowerCase()) {
      const [table] = tables;
      throw notFound(
        `Not found: Dataset ${this.#context.projectId}:${table!.datasetId} was not found in location ${location}`,
      );
    }
    return own ?? location;
  }

  async #run(live: LiveJob, work: Work): Promise<void> {
    const { store } = this.#context;
    const snapshot = work.isTransaction ? store.snapshot() : undefined;
    // What goes wrong with it is the job's error, when it gets its turn.
    snapshot?.catch(() => undefined);
    await store.exclusively(async (session) => {
      await this.#dropExpired(session);
      live.job = { ...live.job, state: 'RUNNING', startedMs: this.#context.clock.now() };
      try {
        if (live.cancelled) throw new Error('INTERRUPT Error: cancelled');
        let finished = live.job;
        await work.run(session, jobKey(live.job.reference), async (what) => {
          finished = await this.#finish(session, live, what);
        });
        // Not before its data can be seen is a job seen to be done.
        live.job = finished;
      } catch (error) {
        if (session.inTransaction) await session.rollback();
        const { errors } = failureOf(error);
        live.job = { ...live.job, state: 'DONE', endedMs: this.#context.clock.now(), errors };
        await this.#record(live.job);
      }
    }, snapshot);
    this.#live.delete(jobKey(live.job.reference));
  }

  /** Writes the end of a job into the transaction of its data: both are true, or neither. */
  async #finish(session: Session, live: LiveJob, what: Pick<Job, 'load' | 'query'>): Promise<Job> {
    const job: Job = { ...live.job, ...what, state: 'DONE', endedMs: this.#context.clock.now() };
    await session.run(UPDATE_JOB, updateOf(job));
    return job;
  }

  async #record(job: Job): Promise<void> {
    await this.#context.store.journal(UPDATE_JOB, updateOf(job));
  }

  async #dropExpired(session: Session): Promise<void> {
    const nowMs = this.#context.clock.now();
    const expired = session.catalog.expired(nowMs);
    const [oldest] = await session.rows(
      `SELECT location, job_id FROM sluice.jobs WHERE created_ms < $before AND contains(body, '"resultTable"') LIMIT 1`,
      { before: BigInt(nowMs - RESULTS_KEPT_MS) },
    );
    if (expired.length === 0 && oldest === undefined) return;
    await session.begin();
    for (const table of expired) await dropTable(session, table);
    if (oldest !== undefined) await this.#dropResult(session, oldest);
    await session.commit();
  }

  /** One old result a job is enough: as many go as come. */
  async #dropResult(session: Session, row: Record<string, unknown>): Promise<void> {
    const job = await this.get(String(row['job_id']), String(row['location']));
    if (job.query?.resultTable === undefined) return;
    await session.run(`DROP TABLE IF EXISTS results.${quoted(job.query.resultTable)}`);
    const query = { ...job.query, resultTable: undefined };
    await session.run(UPDATE_JOB, updateOf({ ...job, query }));
  }
}

const UPDATE_JOB =
  'UPDATE sluice.jobs SET state = $state, body = $body WHERE location = $location AND job_id = $id';

const updateOf = (job: Job) => ({
  state: job.state,
  body: JSON.stringify(job),
  location: job.reference.location,
  id: job.reference.jobId,
});

function readJobId(jobId: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(jobId) || jobId.length > LONGEST_JOB_ID)
    throw invalid(`Invalid job ID "${jobId}".`);
  return jobId;
}
