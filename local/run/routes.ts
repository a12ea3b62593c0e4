// The Cloud Run Admin API v2: jobs, executions, tasks and operations.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, notFound, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readJob, readOverrides, readPageSize, readSeconds } from './bodies.ts';
import type { RunJobs } from './jobs.ts';
import { operationView } from './operations.ts';
import { namespaceRoutes } from './namespaces.ts';
import type { JobRecord } from './records.ts';
import { executionView, jobView, taskView, type EnumEncoding } from './views.ts';

interface Params {
  readonly project: string;
  readonly location: string;
  readonly job: string;
  readonly execution: string;
  readonly task: string;
  readonly operation: string;
}

interface Query {
  readonly pageSize?: string;
  readonly pageToken?: string;
  readonly jobId?: string;
}

const REGION = '/v2/projects/:project/locations/:location';
const LONGEST_WAIT_SECONDS = 60;
const KNOWN_QUERY = [
  ...['$alt', 'alt', '$prettyPrint', 'prettyPrint'],
  ...['pageSize', 'pageToken', 'jobId'],
  ...['labelSelector', 'limit', 'continue'],
];

/** Adds the v2 API, and the part of the v1 API that `gcloud run jobs` speaks. */
export function runRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => refuseUnknownQuery(request));
    namespaceRoutes(scope, jobs, authorize);
    jobRoutes(scope, jobs, authorize);
    executionRoutes(scope, jobs, authorize);
    taskRoutes(scope, jobs, authorize);
    operationRoutes(scope, jobs, authorize);
  });
}

function jobRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  const view = (job: JobRecord, request: FastifyRequest) => {
    const { name } = job.spec;
    const newest = jobs.listExecutions(name, 1).items[0];
    return jobView(job, jobs.executionCount(name), newest, encodingOf(request));
  };

  app.post(`${REGION}/jobs`, async (request) => {
    const { jobId } = request.query as Query;
    if (!jobId) throw invalid('jobId is required.');
    authorize(request.caller, 'run.jobs.create', regionOf(request));
    const name = `${regionOf(request)}/jobs/${checked(jobId)}`;
    jobs.createJob(readJob(name, request.body));
    return operationView(jobs, jobs.recordOperation('create', name), encodingOf(request));
  });
  app.get(`${REGION}/jobs`, async (request) => {
    authorize(request.caller, 'run.jobs.list', regionOf(request));
    const { pageSize, pageToken } = request.query as Query;
    const page = jobs.jobs(regionOf(request), readPageSize(pageSize), pageToken);
    return {
      jobs: page.items.map((job) => view(job, request)),
      ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
    };
  });
  app.get(`${REGION}/jobs/:job`, async (request) => {
    const name = jobOf(request);
    authorize(request.caller, 'run.jobs.get', name);
    return view(jobs.job(name), request);
  });
  app.delete(`${REGION}/jobs/:job`, async (request) => {
    const name = jobOf(request);
    authorize(request.caller, 'run.jobs.delete', name);
    jobs.deleteJob(name);
    return operationView(jobs, jobs.recordOperation('delete', name), encodingOf(request));
  });
  app.post(`${REGION}/jobs/:job`, async (request) => {
    const name = jobOf(request, verb(request, 'job', 'run'));
    const overrides = readOverrides(request.body);
    authorize(request.caller, 'run.jobs.run', name);
    if (overrides !== undefined) authorize(request.caller, 'run.jobs.runWithOverrides', name);
    const execution = jobs.run(name, overrides);
    return operationView(jobs, jobs.recordOperation('run', execution.name), encodingOf(request));
  });
}

function executionRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  app.get(`${REGION}/jobs/:job/executions`, async (request) => {
    const { pageSize, pageToken } = request.query as Query;
    const { job } = request.params as Params;
    authorize(request.caller, 'run.executions.list', job === '-' ? regionOf(request) : jobOf(request));
    const parent = job === '-' ? `${regionOf(request)}/jobs/*` : jobs.job(jobOf(request)).spec.name;
    const page = jobs.listExecutions(parent, readPageSize(pageSize), pageToken);
    return {
      executions: page.items.map((execution) => executionView(execution, encodingOf(request))),
      ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
    };
  });
  app.get(`${REGION}/jobs/:job/executions/:execution`, async (request) => {
    authorize(request.caller, 'run.executions.get', jobOf(request));
    return executionView(jobs.execution(executionOf(request)), encodingOf(request));
  });
  app.delete(`${REGION}/jobs/:job/executions/:execution`, async (request) => {
    authorize(request.caller, 'run.executions.delete', jobOf(request));
    const name = executionOf(request);
    jobs.deleteExecution(name);
    return operationView(jobs, jobs.recordOperation('delete', name), encodingOf(request));
  });
  app.post(`${REGION}/jobs/:job/executions/:execution`, async (request) => {
    const name = executionOf(request, verb(request, 'execution', 'cancel'));
    refuseUnknownFields('cancel', (request.body ?? {}) as object, ['name']);
    authorize(request.caller, 'run.executions.cancel', jobOf(request));
    jobs.cancel(name);
    return operationView(jobs, jobs.recordOperation('cancel', name), encodingOf(request));
  });
}

function taskRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  app.get(`${REGION}/jobs/:job/executions/:execution/tasks`, async (request) => {
    authorize(request.caller, 'run.tasks.list', jobOf(request));
    return { tasks: [taskView(jobs.execution(executionOf(request)), encodingOf(request))] };
  });
  app.get(`${REGION}/jobs/:job/executions/:execution/tasks/:task`, async (request) => {
    authorize(request.caller, 'run.tasks.get', jobOf(request));
    const { task } = request.params as Params;
    const view = taskView(jobs.execution(executionOf(request)), encodingOf(request));
    if (view['name'] !== `${executionOf(request)}/tasks/${task}`)
      throw notFound(`Task '${task}' does not exist.`);
    return view;
  });
}

function operationRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  const operationOf = (request: FastifyRequest, operation = (request.params as Params).operation) => {
    authorize(request.caller, 'run.operations.get', regionOf(request));
    return jobs.operation(`${regionOf(request)}/operations/${checked(operation)}`);
  };
  app.get(`${REGION}/operations/:operation`, async (request) =>
    operationView(jobs, operationOf(request), encodingOf(request)),
  );
  app.post(`${REGION}/operations/:operation`, async (request) => {
    const operation = operationOf(request, verb(request, 'operation', 'wait'));
    const body = (request.body ?? {}) as { timeout?: unknown };
    refuseUnknownFields('wait', body, ['name', 'timeout']);
    const seconds = Math.min(readSeconds(body.timeout) ?? LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS);
    await jobs.settled(operation.target, seconds);
    return operationView(jobs, operation, encodingOf(request));
  });
}

/** A parameter that is off means the same as its absence. */
function refuseUnknownQuery(request: FastifyRequest): void {
  const message = Object.entries(request.query as object).filter(
    ([, value]) => !['', 'false'].includes(value),
  );
  refuseUnknownFields('query', Object.fromEntries(message), KNOWN_QUERY);
}

function regionOf(request: FastifyRequest): string {
  const { project, location } = request.params as Params;
  return `projects/${checked(project)}/locations/${checked(location)}`;
}

function jobOf(request: FastifyRequest, job = (request.params as Params).job): string {
  return `${regionOf(request)}/jobs/${checked(job)}`;
}

function executionOf(request: FastifyRequest, execution = (request.params as Params).execution): string {
  return `${jobOf(request)}/executions/${checked(execution)}`;
}

/** The name before `:verb`; any other verb is one that the local cloud does not know. */
function verb(request: FastifyRequest, parameter: keyof Params, known: string): string {
  const [name = '', found] = (request.params as Params)[parameter].split(':');
  if (found !== known) throw notImplemented(`${request.method} ${request.url.split('?')[0]}`);
  return name;
}

function checked(segment: string): string {
  if (!/^[\w.-]{1,128}$/.test(segment)) throw invalid(`${segment} is not a valid name.`);
  return segment;
}

function encodingOf(request: FastifyRequest): EnumEncoding {
  return (request.query as { $alt?: string }).$alt?.includes('enum-encoding=int') ? 'int' : 'name';
}
