// The schedules of the infra program.
import { knownInputs, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import type { JobRequest } from './job.ts';

const SCHEDULE: Shape = {
  name: 'value',
  region: 'value',
  schedule: 'value',
  timeZone: 'value',
  attemptDeadline: 'value',
  retryConfig: {
    retryCount: 'value',
    maxRetryDuration: 'value',
    minBackoffDuration: 'value',
    maxBackoffDuration: 'value',
    maxDoublings: 'value',
  },
  httpTarget: {
    uri: 'value',
    httpMethod: 'value',
    headers: 'texts',
    body: 'value',
    oidcToken: { serviceAccountEmail: 'value', audience: 'value' },
  },
};

const schedule: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, SCHEDULE);
  const { name, region, ...settings } = inputs;
  cloud.scheduler.ensureJob({
    // What is absent or not as Cloud Scheduler wants it, the service settles or refuses.
    ...(settings as unknown as Omit<JobRequest, 'name'>),
    name: `projects/${cloud.projectId}/locations/${String(region)}/jobs/${String(name)}`,
  });
};

export const creators: Creators = {
  'gcp:cloudscheduler/job:Job': schedule,
};
