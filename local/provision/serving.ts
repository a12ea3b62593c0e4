// Identities, functions, jobs and schedules.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { count, group, groups, knownInputs, optionalText, text, texts } from './inputs.ts';
import type { Creator } from './provision.ts';

const account: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, ['accountId', 'displayName']);
  cloud.iam.ensureServiceAccount(`${text(inputs, 'accountId')}@${cloud.projectId}.iam.gserviceaccount.com`);
};

const cloudFunction: Creator = (resource, { cloud, sourceRoot }) => {
  const inputs = knownInputs(resource, ['name', 'location', 'buildConfig', 'serviceConfig']);
  const name = text(inputs, 'name');
  const build = group(inputs, 'buildConfig');
  const service = group(inputs, 'serviceConfig');
  const url = cloud.functionUrl(name);
  cloud.functions.ensureFunction({
    name,
    sourceFile: mainOf(resolve(sourceRoot, text(group(group(build, 'source'), 'storageSource'), 'object'))),
    entryPoint: text(build, 'entryPoint'),
    env: texts(group(service, 'environmentVariables')),
    serviceAccountEmail: text(service, 'serviceAccountEmail'),
    timeoutSeconds: count(service, 'timeoutSeconds'),
    maxInstances: count(service, 'maxInstanceCount'),
    url,
    ingress: text(service, 'ingressSettings'),
  });
};

/** The file that a folder's package.json names as its main; without one, its index. */
function mainOf(folder: string): string {
  try {
    const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
    return join(folder, main);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return join(folder, 'index.ts');
    throw error;
  }
}

const job: Creator = (resource, { cloud }) => {
  // Nothing is taken down here, so there is nothing to protect.
  const inputs = knownInputs(resource, ['name', 'location', 'template', 'deletionProtection']);
  const task = group(group(inputs, 'template'), 'template');
  const [container] = groups(task, 'containers');
  if (container === undefined) throw new Error(`the job ${resource.name} has no container`);
  const { cpu, memory } = texts(group(group(container, 'resources'), 'limits'));
  cloud.jobs.ensureJob({
    name: `projects/${cloud.projectId}/locations/${text(inputs, 'location')}/jobs/${text(inputs, 'name')}`,
    image: text(container, 'image'),
    env: Object.fromEntries(groups(container, 'envs').map((env) => [text(env, 'name'), text(env, 'value')])),
    serviceAccountEmail: text(task, 'serviceAccount'),
    maxRetries: count(task, 'maxRetries'),
    timeoutSeconds: Number.parseInt(text(task, 'timeout'), 10),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  });
};

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

export const functionsAndJobs: Readonly<Record<string, Creator>> = {
  'gcp:serviceaccount/account:Account': account,
  'gcp:cloudfunctionsv2/function:Function': cloudFunction,
  'gcp:cloudrunv2/job:Job': job,
  'gcp:cloudscheduler/job:Job': schedule,
};
