// Takes jobs in, runs them one after another, and keeps what became of each in the file of the data.
import type { Clock } from '../clock.ts';
import {
  ApiError,
  alreadyExists,
  invalid,
  notFound,
  notImplemented,
  refuseUnknownFields,
} from '../http/errors.ts';
import { failureOf } from './failures.ts';
import { type Job, jobKey } from './jobs.ts';
import { type FindObject, runLoad } from './load/load.ts';
import { readLoadOptions } from './load/options.ts';
import { readParameters } from './parameters.ts';
import { compile, describe, type QueryPlan, runQuery } from './query.ts';
import type { Access, TableName } from './sql/scope.ts';
import { splitScript } from './sql/script.ts';
import type { Session, Store } from './store.ts';
import { dropTable } from './tables.ts';
import { quoted } from './types.ts';

export interface JobRequest {
  readonly caller: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly jobId: string;
  readonly location: string | undefined;
}

/** A table that a job touches, told before it runs so that its caller can be asked for the right. */
export type Touched = (name: TableName, access: Access) => void;

interface LiveJob {
  job: Job;
  cancelled: boolean;
  readonly done: Promise<void>;
}

const RESULTS_KEPT_MS = 24 * 3600 * 1000;
const LONGEST_JOB_ID = 1024;
const QUERY_FIELDS = [
  'query',
  'useLegacySql',
  'parameterMode',
  'queryParameters',
  'defaultDataset',
  'labels',
  'priority',
  'useQueryCache',
  'continuous',
  'jobTimeoutMs',
  'maximumBytesBilled',
  'createSession',
  'writeDisposition',
  'createDisposition',
];

export class JobRunner {
  #store: Store;
  #clock: Clock;
  #projectId: string;
  #findObject: FindObject;
  #live = new Map<string, LiveJob>();

  constructor(store: Store, clock: Clock, projectId: string, findObject: FindObject) {
    this.#store = store;
    this.#clock = clock;
    this.#projectId = projectId;
    this.#findObject = findObject;
  }

  /** Jobs that a crash cut short have changed nothing: they are recorded as failed. */
  async recover(): Promise<void> {
    const rows = await this.#store.read(async (connection) =>
      (await connection.runAndReadAll(`SELECT body FROM sluice.jobs WHERE state <> 'DONE'`)).getRowsJS(),
    );
    for (const [body] of rows) {
      const job = JSON.parse(String(body)) as Job;
      const message =
        'The job encountered an error during execution: the local BigQuery was stopped. Retry with a new job ID.';
      await this.#record({
        ...job,
        state: 'DONE',
        endedMs: this.#clock.now(),
        errors: [{ reason: 'backendError', message }],
      });
    }
  }

  /** Takes a job in: it is on disk, and waits for its turn, when this returns. Throws 409 for an id used before. */
  async insert(request: JobRequest, touched: Touched): Promise<Job> {
    const work = this.#prepare(request.configuration, touched);
    const reference = {
      projectId: this.#projectId,
      jobId: readJobId(request.jobId),
      location: this.#locationOf(request.location, work.tables),
    };
    const job: Job = {
      reference,
      caller: request.caller,
      configuration: request.configuration,
      state: 'PENDING',
      createdMs: this.#clock.now(),
    };
    const key = jobKey(reference);
    const duplicate = () =>
      alreadyExists(`Already Exists: Job ${this.#projectId}:${reference.location}.${reference.jobId}`);
    if (this.#live.has(key)) throw duplicate();
    const recorded = Promise.withResolvers<void>();
    const live: LiveJob = {
      job,
      cancelled: false,
      done: recorded.promise.then(() => this.#run(live, work.run)),
    };
    live.done.catch(() => undefined);
    this.#live.set(key, live);
    try {
      await this.#store.journal('INSERT INTO sluice.jobs VALUES ($location, $id, $created, $state, $body)', {
        location: reference.location,
        id: reference.jobId,
        created: BigInt(job.createdMs),
        state: job.state,
        body: JSON.stringify(job),
      });
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
    const nowMs = this.#clock.now();
    const { plan } = this.#prepareQuery(request.configuration, touched);
    const find = (name: TableName) => this.#find(name, nowMs);
    const described = plan.pieces.map((piece) => compile(plan, piece, nowMs, find).statement);
    const [only] = described;
    try {
      const fields =
        described.length === 1 && only?.kind === 'SELECT'
          ? await this.#store.read(async (connection) => describe(await connection.prepare(only.sql)))
          : [];
      const reference = { projectId: this.#projectId, jobId: '', location: request.location ?? 'EU' };
      const statementType = described.length === 1 ? only!.kind : 'SCRIPT';
      return {
        reference,
        caller: request.caller,
        configuration: request.configuration,
        state: 'DONE',
        createdMs: nowMs,
        query: { statementType, totalRows: 0, fields, statements: described.length },
      };
    } catch (error) {
      const [first] = failureOf(error).errors;
      throw new ApiError(400, first.reason, first.message);
    }
  }

  /** The job as it is now. Throws 404. */
  async get(jobId: string, location: string | undefined): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live) return live.job;
    const rows = await this.#store.read(async (connection) =>
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
        `Not found: Job ${this.#projectId}:${location === undefined ? '' : `${location}.`}${jobId}`,
      );
    return JSON.parse(String(body)) as Job;
  }

  /** Waits until the job is done, at most `timeoutMs`, and answers it as it then is. */
  async wait(jobId: string, location: string | undefined, timeoutMs: number): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live && timeoutMs > 0) {
      const late = Promise.withResolvers<void>();
      const cancel = this.#clock.at(this.#clock.now() + timeoutMs, late.resolve);
      await Promise.race([live.done, late.promise]);
      cancel();
    }
    return this.get(jobId, location);
  }

  async cancel(jobId: string, location: string | undefined): Promise<Job> {
    const live = this.#liveJob(jobId, location);
    if (live) {
      live.cancelled = true;
      if (live.job.state === 'RUNNING') this.#store.interrupt();
    }
    return this.get(jobId, location);
  }

  /** Jobs, newest first. */
  async list(limit: number, offset: number): Promise<Job[]> {
    const rows = await this.#store.read(async (connection) =>
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
      return this.#live.get(jobKey({ projectId: this.#projectId, jobId, location }));
    return [...this.#live.values()].find(({ job }) => job.reference.jobId === jobId);
  }

  /** Reads a configuration into work that can be run, refusing at once what could never run. */
  #prepare(configuration: Readonly<Record<string, unknown>>, touched: Touched) {
    refuseUnknownFields('configuration', configuration, [
      'load',
      'query',
      'labels',
      'dryRun',
      'jobTimeoutMs',
      'jobType',
    ]);
    if (!configuration['load']) return this.#prepareQuery(configuration, touched);
    const options = readLoadOptions(configuration['load'] as Record<string, unknown>, this.#projectId);
    touched(options.destination, 'write');
    if (this.#store.catalog.dataset(options.destination.datasetId) === undefined)
      throw notFound(`Not found: Dataset ${options.destination.projectId}:${options.destination.datasetId}`);
    return {
      tables: [options.destination],
      run: async (session: Session, live: LiveJob) => {
        await session.begin();
        const load = await runLoad(session, options, this.#findObject, this.#clock.now());
        live.job = await this.#finish(session, live, { load });
        await session.commit();
      },
    };
  }

  #prepareQuery(configuration: Readonly<Record<string, unknown>>, touched: Touched) {
    const query = (configuration['query'] ?? {}) as Record<string, unknown>;
    refuseUnknownFields('configuration.query', query, QUERY_FIELDS);
    if (query['useLegacySql'] !== false) throw notImplemented('legacy SQL (useLegacySql must be false)');
    if (query['continuous'] || query['createSession'])
      throw notImplemented('continuous queries and sessions');
    if (typeof query['query'] !== 'string')
      throw new ApiError(400, 'required', 'Required parameter is missing: query');
    const plan: QueryPlan = {
      pieces: splitScript(query['query']),
      parameters: readParameters(query['queryParameters'], query['parameterMode']),
      projectId: this.#projectId,
      defaultDataset: (query['defaultDataset'] as { datasetId?: string } | undefined)?.datasetId,
    };
    const tables: TableName[] = [];
    const nowMs = this.#clock.now();
    for (const piece of plan.pieces)
      compile(
        plan,
        piece,
        nowMs,
        (name) => this.#findOrImagine(name, nowMs),
        (name, access) => {
          tables.push(name);
          touched(name, access);
        },
      );
    return {
      plan,
      tables,
      run: (session: Session, live: LiveJob) =>
        runQuery({
          session,
          plan,
          nowMs: this.#clock.now(),
          resultTable: jobKey(live.job.reference),
          beforeLastCommit: async (outcome) => {
            const resultTable = outcome.fields.length > 0 ? { resultTable: jobKey(live.job.reference) } : {};
            live.job = await this.#finish(session, live, {
              query: { ...outcome, statements: plan.pieces.length, ...resultTable },
            });
          },
        }),
    };
  }

  #find(name: TableName, nowMs: number) {
    const found =
      name.projectId === this.#projectId
        ? this.#store.catalog.table(name.datasetId, name.tableId, nowMs)
        : undefined;
    if (found === undefined)
      throw notFound(`Not found: Table ${name.projectId}:${name.datasetId}.${name.tableId}`);
    return found;
  }

  /** A script may use a table that it makes itself; whether it is there is seen when it runs. */
  #findOrImagine(name: TableName, nowMs: number) {
    return this.#store.catalog.table(name.datasetId, name.tableId, nowMs) ?? { fields: [] };
  }

  #locationOf(asked: string | undefined, tables: readonly TableName[]): string {
    const own = tables.map(({ datasetId }) => this.#store.catalog.dataset(datasetId)?.location).find(Boolean);
    const location = asked ?? own ?? this.#store.catalog.datasets()[0]?.location ?? 'EU';
    if (own !== undefined && own.toLowerCase() !== location.toLowerCase()) {
      const [table] = tables;
      throw notFound(
        `Not found: Dataset ${this.#projectId}:${table!.datasetId} was not found in location ${location}`,
      );
    }
    return own ?? location;
  }

  async #run(live: LiveJob, work: (session: Session, live: LiveJob) => Promise<void>): Promise<void> {
    await this.#store.exclusively(async (session) => {
      await this.#dropExpired(session);
      live.job = { ...live.job, state: 'RUNNING', startedMs: this.#clock.now() };
      try {
        if (live.cancelled) throw new Error('INTERRUPT Error: cancelled');
        await work(session, live);
      } catch (error) {
        if (session.inTransaction) await session.rollback();
        const { errors } = failureOf(error);
        live.job = { ...live.job, state: 'DONE', endedMs: this.#clock.now(), errors };
        await this.#record(live.job);
      }
    });
    this.#live.delete(jobKey(live.job.reference));
  }

  /** Writes the end of a job into the transaction of its data: both are true, or neither. */
  async #finish(session: Session, live: LiveJob, what: Pick<Job, 'load' | 'query'>): Promise<Job> {
    const job: Job = { ...live.job, ...what, state: 'DONE', endedMs: this.#clock.now() };
    await session.run(UPDATE_JOB, updateOf(job));
    return job;
  }

  async #record(job: Job): Promise<void> {
    await this.#store.journal(UPDATE_JOB, updateOf(job));
  }

  async #dropExpired(session: Session): Promise<void> {
    const nowMs = this.#clock.now();
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
