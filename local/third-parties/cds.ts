// The retrieve API of the Climate Data Store: processes, jobs, results, and the store of the results.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { notImplemented } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { Files } from './files.ts';
import { sendFile } from './ranges.ts';

const ROOT = '/third-parties/cds/api/retrieve/v1';
const STORE = '/third-parties/cds/files';
const MOST_JOBS = 1_000;
const PROBLEMS = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';
const KNOWN_INPUTS = new Set([
  ...['product_type', 'variable', 'year', 'month', 'day', 'time', 'area'],
  ...['data_format', 'download_format'],
]);
const STATES = ['accepted', 'running'] as const;

interface CdsJob {
  readonly id: string;
  readonly process: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly created: string;
  /** Of the result; undefined where there are no such data: then the job fails. */
  readonly file: string | undefined;
  polls: number;
}

interface Options {
  readonly files: Files;
  readonly clock: Clock;
  readonly newId: NewId;
}

type Jobs = Map<string, CdsJob>;

/** Jobs are kept in memory. */
export function cdsRoutes(app: FastifyInstance, options: Options): void {
  const jobs: Jobs = new Map();
  submissionRoute(app, options, jobs);
  jobRoutes(app, jobs);
  resultRoutes(app, options, jobs);
}

function submissionRoute(app: FastifyInstance, { files, clock, newId }: Options, jobs: Jobs): void {
  app.post(`${ROOT}/processes/:process/execution`, (request, reply) => {
    if (!isKnown(request)) return unauthorized(reply);
    const { process } = request.params as { process: string };
    if (!files.has('cds', process))
      return problem(
        reply,
        404,
        'no-such-process',
        'process not found',
        `process ${process} has not been found`,
      );
    const { inputs } = (request.body ?? {}) as { inputs?: Record<string, unknown> };
    const months = inputs === undefined ? undefined : monthsOf(inputs);
    if (inputs === undefined || months === undefined)
      return problem(
        reply,
        400,
        'invalid-request',
        'invalid request',
        'inputs: year, month, day, time and variable',
      );
    const unknown = Object.keys(inputs).filter((name) => !KNOWN_INPUTS.has(name));
    if (unknown.length > 0) throw notImplemented(`the inputs ${unknown.join(', ')} of a process`);
    if (months.length !== 1) throw notImplemented('a request of several months');
    if (jobs.size >= MOST_JOBS)
      return problem(reply, 429, 'too-many', 'too many requests', 'queued requests');
    const job: CdsJob = {
      id: newId(),
      process,
      inputs,
      created: new Date(clock.now()).toISOString(),
      file: files.startingWith(`${months[0]}.`, 'cds', process),
      polls: 0,
    };
    jobs.set(job.id, job);
    return reply.code(201).send(view(request, job, false));
  });
}

function jobRoutes(app: FastifyInstance, jobs: Jobs): void {
  app.get(`${ROOT}/jobs`, (request, reply) => {
    if (!isKnown(request)) return unauthorized(reply);
    const { limit = '10', sortby = '-created', ...others } = request.query as Record<string, string>;
    refuseOthers(others);
    if (sortby !== '-created') throw notImplemented(`jobs sorted by ${sortby}`);
    const newest = [...jobs.values()].toReversed().slice(0, Number(limit));
    return reply.send({ jobs: newest.map((job) => view(request, job, false)), links: [] });
  });

  app.get(`${ROOT}/jobs/:id`, (request, reply) => {
    if (!isKnown(request)) return unauthorized(reply);
    const { request: withRequest = 'false', ...others } = request.query as Record<string, string>;
    refuseOthers(others);
    const job = jobOf(jobs, request, reply);
    if (job === undefined) return reply;
    job.polls++;
    return reply.send(view(request, job, withRequest === 'true'));
  });
}

function resultRoutes(app: FastifyInstance, { files }: Options, jobs: Jobs): void {
  app.get(`${ROOT}/jobs/:id/results`, (request, reply) => {
    if (!isKnown(request)) return unauthorized(reply);
    const job = jobOf(jobs, request, reply);
    if (job === undefined) return reply;
    const status = statusOf(job);
    if (status === 'failed')
      return problem(
        reply,
        400,
        'job-results-failed',
        'job failed',
        'None of the data you have requested is available',
      );
    if (status !== 'successful')
      return problem(
        reply,
        404,
        'result-not-ready',
        'job results not ready',
        `job ${job.id} results are not yet ready`,
      );
    const path = files.pathOf('cds', job.process, job.file!)!;
    const value = {
      type: job.file!.endsWith('.grib') ? 'application/x-grib' : 'application/netcdf',
      href: `${originOf(request)}${STORE}/${job.process}/${job.file!}`,
      'file:size': statSync(path).size,
    };
    return reply.send({ asset: { value } });
  });

  app.get(`${STORE}/:process/:name`, (request, reply) => {
    const { process, name } = request.params as { process: string; name: string };
    const path = files.pathOf('cds', process, name);
    return path === undefined ? reply.code(404).send('') : sendFile(request, reply, path);
  });
}

/** Answers 404 where there is none. */
function jobOf(jobs: Jobs, request: FastifyRequest, reply: FastifyReply): CdsJob | undefined {
  const { id } = request.params as { id: string };
  const job = jobs.get(id);
  if (job === undefined)
    void problem(reply, 404, 'no-such-job', 'job not found', `job ${id} has not been found`);
  return job;
}

/** Any key: the stand-in has no accounts. */
const isKnown = ({ headers }: FastifyRequest): boolean => (headers['private-token'] ?? '') !== '';

const unauthorized = (reply: FastifyReply): FastifyReply =>
  problem(reply, 401, 'permission denied', 'permission denied', 'authentication required');

function refuseOthers(others: Readonly<Record<string, string>>): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw notImplemented(`the parameter ${name} of jobs`);
}

const problem = (
  reply: FastifyReply,
  status: number,
  type: string,
  title: string,
  detail: string,
): FastifyReply => reply.code(status).send({ type: `${PROBLEMS}/${type}`, title, status, detail });

const statusOf = ({ polls, file }: CdsJob): string =>
  STATES[polls] ?? (file === undefined ? 'failed' : 'successful');

function view(request: FastifyRequest, job: CdsJob, withRequest: boolean): object {
  const self = `${originOf(request)}${ROOT}/jobs/${job.id}`;
  const status = statusOf(job);
  const monitor = {
    href: self,
    rel: request.method === 'POST' ? 'monitor' : 'self',
    type: 'application/json',
  };
  return {
    processID: job.process,
    type: 'process',
    jobID: job.id,
    status,
    created: job.created,
    updated: job.created,
    links: [monitor, ...(status === 'successful' ? [{ href: `${self}/results`, rel: 'results' }] : [])],
    ...(withRequest ? { metadata: { request: { ids: job.inputs } } } : {}),
  };
}

function monthsOf(inputs: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const list = (name: string) => [inputs[name] ?? []].flat().map(String);
  const [years, months] = [list('year'), list('month')];
  const rest = ['day', 'time', 'variable'].map(list);
  if ([years, months, ...rest].some((each) => each.length === 0)) return undefined;
  return years.flatMap((year) => months.map((month) => `${year}-${month}`));
}

export const originOf = ({ headers }: FastifyRequest): string => `http://${headers.host ?? ''}`;
