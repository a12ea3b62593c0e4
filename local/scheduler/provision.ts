// The schedules of the infra program.
import { group, knownInputs, optionalText, text, texts } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const schedule: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, [
    'name',
    'region',
    'schedule',
    'timeZone',
    'attemptDeadline',
    'retryConfig',
    'httpTarget',
  ]);
  const { retryCount, minBackoffDuration, maxBackoffDuration } = group(inputs, 'retryConfig');
  const target = group(inputs, 'httpTarget');
  const token = group(target, 'oidcToken');
  cloud.scheduler.ensureJob({
    name: `projects/${cloud.projectId}/locations/${text(inputs, 'region')}/jobs/${text(inputs, 'name')}`,
    schedule: text(inputs, 'schedule'),
    timeZone: text(inputs, 'timeZone'),
    attemptDeadline: text(inputs, 'attemptDeadline'),
    retryConfig: {
      retryCount: Number(retryCount),
      minBackoffDuration: String(minBackoffDuration),
      maxBackoffDuration: String(maxBackoffDuration),
    },
    httpTarget: {
      uri: text(target, 'uri'),
      httpMethod: text(target, 'httpMethod'),
      headers: texts(group(target, 'headers')),
      body: optionalText(target, 'body') ?? '',
      oidcToken: {
        serviceAccountEmail: text(token, 'serviceAccountEmail'),
        audience: text(token, 'audience'),
      },
    },
  });
};

export const creators: Creators = {
  'gcp:cloudscheduler/job:Job': schedule,
};
