// Cloud Scheduler's REST API, version 1: jobs with HTTP targets.
import type { FastifyInstance } from 'fastify';
import { invalid, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { type Body, objectFrom } from '../pubsub/bodies.ts';
import { page, type PageQuery } from '../http/pages.ts';
import type { JobRequest, ScheduledJob, Scheduler } from './scheduler.ts';

interface JobRoute {
  Params: { project: string; location: string; job: string };
  Querystring: { updateMask?: string };
}

interface ListRoute {
  Params: { project: string; location: string };
  Querystring: PageQuery;
}

const SETTABLE = ['description', 'schedule', 'timeZone', 'attemptDeadline', 'retryConfig', 'httpTarget'];
// Clients send a job back as they read it; what only the service writes is not taken from them.
const WRITTEN_BY_SERVICE = ['state', 'status', 'userUpdateTime', 'lastAttemptTime', 'scheduleTime'];

/** Hangs all of Cloud Scheduler's routes on `app`. */
export function schedulerRoutes(app: FastifyInstance, scheduler: Scheduler, authorize: Authorize): void {
  const jobs = '/v1/projects/:project/locations/:location/jobs';
  const locationOf = ({ project, location }: ListRoute['Params']) =>
    `projects/${project}/locations/${location}`;
  const nameOf = (params: JobRoute['Params']) => `${locationOf(params)}/jobs/${params.job}`;

  app.get<ListRoute>(jobs, async ({ caller, params, query }) => {
    authorize(caller, 'cloudscheduler.jobs.list', `projects/${params.project}`);
    return page('jobs', query, (after, limit) => scheduler.jobs(locationOf(params), after, limit).map(shown));
  });

  app.post<ListRoute>(jobs, async ({ caller, params, body }) => {
    const request = jobFrom(objectFrom('job', body));
    if (!String(request.name).startsWith(`${locationOf(params)}/jobs/`)) {
      throw invalid(`Job name must begin with "${locationOf(params)}/jobs/".`);
    }
    authorize(caller, 'cloudscheduler.jobs.create', request.name);
    return shown(scheduler.createJob(request));
  });

  app.get<JobRoute>(`${jobs}/:job`, async ({ caller, params }) => {
    authorize(caller, 'cloudscheduler.jobs.get', nameOf(params));
    return shown(scheduler.job(nameOf(params)));
  });

  app.patch<JobRoute>(`${jobs}/:job`, async ({ caller, params, query, body }) => {
    authorize(caller, 'cloudscheduler.jobs.update', nameOf(params));
    const given = jobFrom(objectFrom('job', body)) as unknown as Body;
    return shown(
      scheduler.updateJob(nameOf(params), masked(scheduler.job(nameOf(params)).job, given, query.updateMask)),
    );
  });

  app.delete<JobRoute>(`${jobs}/:job`, async ({ caller, params }) => {
    authorize(caller, 'cloudscheduler.jobs.delete', nameOf(params));
    scheduler.deleteJob(nameOf(params));
    return {};
  });

  const verb = (name: string, act: (job: string) => ScheduledJob) =>
    app.post<JobRoute>(`${jobs}/:job(^[^:]+)::${name}`, async ({ caller, params, body }) => {
      authorize(caller, `cloudscheduler.jobs.${name}`, nameOf(params));
      refuseUnknownFields(name, objectFrom(name, body), ['name']);
      return shown(act(nameOf(params)));
    });

  verb('pause', (job) => scheduler.pause(job));
  verb('resume', (job) => scheduler.resume(job));
  verb('run', (job) => {
    const found = scheduler.job(job);
    // Google answers before the attempt ends; how it went is seen in the job later.
    void scheduler.run(job);
    return found;
  });
}

function jobFrom(body: Body): JobRequest {
  refuseUnknownFields('job', body, ['name', ...SETTABLE, ...WRITTEN_BY_SERVICE]);
  const retry = [
    'retryCount',
    'maxRetryDuration',
    'minBackoffDuration',
    'maxBackoffDuration',
    'maxDoublings',
  ];
  refuseUnknownFields('job.retryConfig', objectFrom('retryConfig', body['retryConfig']), retry);
  const target = objectFrom('httpTarget', body['httpTarget']);
  refuseUnknownFields('job.httpTarget', target, ['uri', 'httpMethod', 'headers', 'body', 'oidcToken']);
  const token = objectFrom('oidcToken', target['oidcToken']);
  refuseUnknownFields('job.httpTarget.oidcToken', token, ['serviceAccountEmail', 'audience']);
  const known = Object.entries(body).filter(([field]) => field === 'name' || SETTABLE.includes(field));
  return Object.fromEntries(known) as unknown as JobRequest;
}

/** What the mask names, in either spelling: `schedule`, or one field inside, such as `httpTarget.uri`. */
function masked(job: JobRequest, given: Body, mask: string | undefined): Partial<JobRequest> {
  const paths = mask
    ? mask.split(',').map(camelCase)
    : Object.keys(given).filter((field) => field !== 'name');
  const changes: Body = {};
  for (const path of paths) {
    const [field = '', inner, ...deeper] = path.split('.');
    if (!SETTABLE.includes(field)) throw invalid(`The update mask names an unknown field: ${path}`);
    if (deeper.length > 0) throw notImplemented(`the update mask path ${path}`);
    if (inner === undefined) {
      changes[field] = given[field];
    } else {
      const before = objectFrom(field, changes[field] ?? { ...job }[field as keyof JobRequest]);
      changes[field] = { ...before, [inner]: objectFrom(field, given[field])[inner] };
    }
  }
  return changes as Partial<JobRequest>;
}

const camelCase = (path: string) =>
  path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function shown({ job, paused, nextMs, lastAttempt, updatedMs }: ScheduledJob): { name: string } {
  const written = {
    state: paused ? 'PAUSED' : 'ENABLED',
    userUpdateTime: new Date(updatedMs).toISOString(),
    ...(nextMs !== undefined && { scheduleTime: new Date(nextMs).toISOString() }),
    ...(lastAttempt && {
      lastAttemptTime: new Date(lastAttempt.atMs).toISOString(),
      status: lastAttempt.succeeded ? {} : { code: rpcCode(lastAttempt.status) },
    }),
  };
  return { ...job, ...written };
}

/** The google.rpc.Code of an HTTP status. */
function rpcCode(status: number): number {
  const known: Record<number, number> = {
    0: 4,
    400: 3,
    401: 16,
    403: 7,
    404: 5,
    409: 10,
    429: 8,
    503: 14,
    504: 4,
  };
  return known[status] ?? (status >= 500 ? 13 : 2);
}
