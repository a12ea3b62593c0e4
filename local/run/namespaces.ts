// The Cloud Run Admin API v1, where a project is a namespace: as much of it as `gcloud run jobs` speaks.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, notFound, notImplemented } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readOverrides, readPageSize } from './bodies.ts';
import type { RunJobs } from './jobs.ts';
import { shortName, type ExecutionRecord, type JobRecord, type JobSpec } from './records.ts';
import { completionOf, countsOf, time } from './views.ts';

type Json = Record<string, unknown>;

const NAMESPACE = '/apis/run.googleapis.com/v1/namespaces/:project';
const API_VERSION = 'run.googleapis.com/v1';
const JOB_LABEL = 'run.googleapis.com/job';
const LARGEST_PAGE = 1000;

/** Paths name no region, as its host does that; a job is looked for in all of them. */
export function namespaceRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  jobRoutes(app, jobs, authorize);
  executionRoutes(app, jobs, authorize);
}

function jobRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  app.get(`${NAMESPACE}/jobs`, async (request) => {
    const { project } = paramsOf(request);
    authorize(request.caller, 'run.jobs.list', `projects/${project}`);
    const query = request.query as { limit?: string; continue?: string };
    const region = `projects/${project}/locations/*`;
    const page = jobs.jobs(region, readPageSize(query.limit) || LARGEST_PAGE, query.continue);
    return {
      apiVersion: API_VERSION,
      kind: 'JobList',
      metadata: page.nextPageToken ? { continue: page.nextPageToken } : {},
      items: page.items.map(jobView),
    };
  });
  app.get(`${NAMESPACE}/jobs/:name`, async (request) => {
    const { project, name } = paramsOf(request);
    const job = findJob(jobs, project, name);
    authorize(request.caller, 'run.jobs.get', job.spec.name);
    return jobView(job);
  });
  app.post(`${NAMESPACE}/jobs/:name`, async (request) => {
    const { project, name } = paramsOf(request, 'run');
    const job = findJob(jobs, project, name).spec.name;
    const overrides = readOverrides(request.body);
    authorize(request.caller, 'run.jobs.run', job);
    if (overrides !== undefined) authorize(request.caller, 'run.jobs.runWithOverrides', job);
    return executionView(jobs.run(job, overrides));
  });
}

function executionRoutes(app: FastifyInstance, jobs: RunJobs, authorize: Authorize): void {
  app.get(`${NAMESPACE}/executions`, async (request) => {
    const { project } = paramsOf(request);
    const query = request.query as { labelSelector?: string; limit?: string; continue?: string };
    const job = jobSelected(query.labelSelector);
    authorize(
      request.caller,
      'run.executions.list',
      job ? findJob(jobs, project, job).spec.name : `projects/${project}`,
    );
    const jobsNamed = `projects/${project}/locations/*/jobs/${job ?? '*'}`;
    const page = jobs.listExecutions(jobsNamed, readPageSize(query.limit) || LARGEST_PAGE, query.continue);
    return {
      apiVersion: API_VERSION,
      kind: 'ExecutionList',
      metadata: page.nextPageToken ? { continue: page.nextPageToken } : {},
      items: page.items.map(executionView),
    };
  });
  app.get(`${NAMESPACE}/executions/:name`, async (request) => {
    const { project, name } = paramsOf(request);
    const execution = findExecution(jobs, project, name);
    authorize(request.caller, 'run.executions.get', execution.job);
    return executionView(execution);
  });
  app.post(`${NAMESPACE}/executions/:name`, async (request) => {
    const { project, name } = paramsOf(request, 'cancel');
    const execution = findExecution(jobs, project, name);
    authorize(request.caller, 'run.executions.cancel', execution.job);
    return executionView(jobs.cancel(execution.name));
  });
}

function findJob(jobs: RunJobs, project: string, job: string): JobRecord {
  const found = jobs.jobNamed(project, job);
  if (found === undefined)
    throw notFound(`Resource '${job}' of kind 'JOB' in project '${project}' does not exist.`);
  return found;
}

function findExecution(jobs: RunJobs, project: string, name: string): ExecutionRecord {
  const found = jobs.executionNamed(project, name);
  if (found === undefined) throw notFound(`Resource '${name}' of kind 'EXECUTION' does not exist.`);
  return found;
}

function paramsOf(request: FastifyRequest, verb?: string): { project: string; name: string } {
  const { project, name = '-' } = request.params as { project: string; name?: string };
  const [bare = '', found] = name.split(':');
  if (found !== verb) throw notImplemented(`${request.method} ${request.url.split('?')[0]}`);
  for (const part of [project, bare]) {
    if (!/^[\w.-]{1,128}$/.test(part)) throw invalid(`${part} is not a valid name.`);
  }
  return { project, name: bare };
}

/** `run.googleapis.com/job=J`, the one selector that gcloud sends. */
function jobSelected(selector: string | undefined): string | undefined {
  if (!selector) return undefined;
  const job = /^run\.googleapis\.com\/job ?(?:=|==|in) ?\(?([\w-]+)\)?$/.exec(selector)?.[1];
  if (job === undefined) throw notImplemented(`the label selector ${selector}`);
  return job;
}

function jobView(job: JobRecord): Json {
  const [, project, , location] = job.spec.name.split('/');
  return {
    apiVersion: API_VERSION,
    kind: 'Job',
    metadata: {
      name: shortName(job.spec.name),
      namespace: project,
      uid: job.uid,
      generation: job.generation,
      creationTimestamp: time(job.createdAtMs),
      labels: { 'cloud.googleapis.com/location': location },
    },
    // gcloud reads the metadata of the template before it sends overrides, even where there is nothing in it.
    spec: {
      template: {
        metadata: { annotations: {}, labels: {} },
        spec: { taskCount: 1, template: { spec: taskSpec(job.spec, []) } },
      },
    },
    status: {
      observedGeneration: job.generation,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time(job.updatedAtMs) }],
    },
  };
}

function executionView(execution: ExecutionRecord): Json {
  const [, project, , location] = execution.name.split('/');
  const { state, message, executionReason, reason } = completionOf(execution);
  const status = { CONDITION_SUCCEEDED: 'True', CONDITION_FAILED: 'False' } as Record<string, string>;
  const { startedAtMs, completedAtMs } = execution;
  return {
    apiVersion: API_VERSION,
    kind: 'Execution',
    metadata: {
      name: shortName(execution.name),
      namespace: project,
      uid: execution.uid,
      generation: 1,
      creationTimestamp: time(execution.createdAtMs),
      labels: { [JOB_LABEL]: shortName(execution.job), 'cloud.googleapis.com/location': location },
    },
    spec: {
      parallelism: 1,
      taskCount: 1,
      template: { spec: taskSpec(execution.spec, execution.spec.args) },
    },
    status: {
      observedGeneration: 1,
      conditions: [
        {
          type: 'Completed',
          status: status[state] ?? 'Unknown',
          ...((executionReason ?? reason) && { reason: pascal(executionReason ?? reason ?? '') }),
          ...(message !== undefined && { message }),
          lastTransitionTime: time(execution.lastChangeMs),
        },
      ],
      ...(startedAtMs !== undefined && { startTime: time(startedAtMs) }),
      ...(completedAtMs !== undefined && { completionTime: time(completedAtMs) }),
      ...countsOf(execution),
    },
  };
}

function taskSpec(spec: JobSpec, args: readonly string[]): Json {
  const limits = { ...(spec.cpu && { cpu: spec.cpu }), ...(spec.memory && { memory: spec.memory }) };
  return {
    containers: [
      {
        image: spec.image,
        ...(args.length > 0 && { args }),
        env: Object.entries(spec.env).map(([name, value]) => ({ name, value })),
        resources: { limits },
      },
    ],
    maxRetries: spec.maxRetries,
    timeoutSeconds: String(spec.timeoutSeconds),
    serviceAccountName: spec.serviceAccountEmail,
  };
}

/** `NON_ZERO_EXIT_CODE` in v2 is `NonZeroExitCode` in v1. */
const pascal = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
