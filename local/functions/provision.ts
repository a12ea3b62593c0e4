// The functions of the infra program, and its Cloud Run services: each runs from the folder that would be uploaded.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROJECT_NUMBER } from '../iam/agents.ts';
import {
  group,
  groups,
  knownInputs,
  list,
  onlyOne,
  optionalCount,
  optionalGroup,
  optionalText,
  text,
  texts,
  type Inputs,
  type Shape,
} from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import { askForBuild } from './building.ts';
import type { Size } from './size.ts';

// Functions run on the Node that the cloud runs on.
const RUNTIME = `nodejs${process.versions.node.split('.')[0]}`;

const FUNCTION: Shape = {
  name: 'value',
  location: 'value',
  buildConfig: {
    runtime: [RUNTIME],
    entryPoint: 'value',
    source: { storageSource: { bucket: 'value', object: 'value' } },
    serviceAccount: 'value',
    dockerRepository: 'value',
  },
  serviceConfig: {
    serviceAccountEmail: 'value',
    timeoutSeconds: 'value',
    availableMemory: 'value',
    availableCpu: 'value',
    maxInstanceRequestConcurrency: 'value',
    minInstanceCount: 'value',
    maxInstanceCount: 'value',
    ingressSettings: ['ALLOW_ALL', 'ALLOW_INTERNAL_ONLY'],
    environmentVariables: 'texts',
  },
};

const cloudFunction: Creator = (resource, { cloud, sourceRoot }) => {
  const inputs = knownInputs(resource, FUNCTION);
  askForBuild(resource, cloud);
  const name = text(inputs, 'name');
  const build = group(inputs, 'buildConfig');
  const service = group(inputs, 'serviceConfig');
  const object = text(group(group(build, 'source'), 'storageSource'), 'object');
  cloud.functions.ensureFunction({
    name,
    sourceFile: mainOf(resolve(sourceRoot, object)),
    entryPoint: text(build, 'entryPoint'),
    env: texts(optionalGroup(service, 'environmentVariables') ?? {}),
    serviceAccountEmail: text(service, 'serviceAccountEmail'),
    timeoutSeconds: optionalCount(service, 'timeoutSeconds') ?? DEFAULT_TIMEOUT_SECONDS,
    size: functionSize(service),
    url: cloud.functionUrl(name),
    isInternal: optionalText(service, 'ingressSettings') === 'ALLOW_INTERNAL_ONLY',
  });
};

// Cloud Functions' defaults.
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_MEMORY = '256M';
const DEFAULT_MOST_INSTANCES = 100;

function functionSize(service: Inputs): Size {
  const cpu = optionalText(service, 'availableCpu');
  return {
    memory: optionalText(service, 'availableMemory') ?? DEFAULT_MEMORY,
    ...(cpu === undefined ? {} : { cpu }),
    concurrency: optionalCount(service, 'maxInstanceRequestConcurrency') ?? 1,
    minInstances: optionalCount(service, 'minInstanceCount') ?? 0,
    maxInstances: optionalCount(service, 'maxInstanceCount') ?? DEFAULT_MOST_INSTANCES,
  };
}

const SERVICE: Shape = {
  name: 'value',
  location: 'value',
  // Source code beside a base image is a preview.
  launchStage: ['BETA', 'GA'],
  // Nothing is taken down here, so there is nothing to protect.
  deletionProtection: 'value',
  ingress: ['INGRESS_TRAFFIC_ALL', 'INGRESS_TRAFFIC_INTERNAL_ONLY'],
  invokerIamDisabled: [true],
  iapEnabled: [true],
  template: {
    serviceAccount: 'value',
    timeout: 'value',
    maxInstanceRequestConcurrency: 'value',
    scaling: { minInstanceCount: 'value', maxInstanceCount: 'value' },
    containers: {
      image: ['scratch'],
      baseImageUri: 'value',
      // The local cloud starts the functions framework that the source has, as these do.
      commands: ['node'],
      args: ['framework/start.cjs'],
      sourceCode: { cloudStorageSource: { bucket: 'value', object: 'value' } },
      resources: { limits: { cpu: 'value', memory: 'value' }, cpuIdle: 'value' },
      envs: { name: 'value', value: 'value' },
    },
  },
};

/** A service that runs a function's source: the same process as the function's, called in the same way. */
const cloudRunService: Creator = (resource, { cloud, sourceRoot }) => {
  const inputs = knownInputs(resource, SERVICE);
  const name = text(inputs, 'name');
  const template = group(inputs, 'template');
  const container = onlyOne(groups(template, 'containers'), `containers of the service ${name}`);
  const source = group(group(container, 'sourceCode'), 'cloudStorageSource');
  requireRuntime(name, text(container, 'baseImageUri'));
  for (const key of ['commands', 'args']) onlyOne(list(container, key), `${key} of the service ${name}`);
  const env = variables(container);
  const target = env['FUNCTION_TARGET'];
  if (target === undefined)
    throw new Error(`the service ${name} has no variable FUNCTION_TARGET, which names the function to serve`);
  cloud.functions.ensureFunction({
    name,
    sourceFile: mainOf(resolve(sourceRoot, text(source, 'object'))),
    entryPoint: target,
    env,
    serviceAccountEmail: text(template, 'serviceAccount'),
    timeoutSeconds: secondsOf(optionalText(template, 'timeout') ?? DEFAULT_SERVICE_TIMEOUT),
    size: serviceSize(template, container),
    url: cloud.functionUrl(name),
    isInternal: optionalText(inputs, 'ingress') === 'INGRESS_TRAFFIC_INTERNAL_ONLY',
    isUnchecked: inputs.invokerIamDisabled === true,
    ...(inputs.iapEnabled === true ? { iap: iapOf(text(inputs, 'location'), name) } : {}),
  });
};

const iapOf = (location: string, name: string) => ({
  location,
  audience: `/projects/${PROJECT_NUMBER}/locations/${location}/services/${name}`,
});

// Cloud Run's defaults.
const DEFAULT_SERVICE_TIMEOUT = '300s';
const DEFAULT_SERVICE_MEMORY = '512Mi';
const DEFAULT_SERVICE_CPU = '1';
const DEFAULT_SERVICE_CONCURRENCY = 80;

function serviceSize(template: Inputs, container: Inputs): Size {
  const limits = optionalGroup(optionalGroup(container, 'resources') ?? {}, 'limits') ?? {};
  const scaling = optionalGroup(template, 'scaling') ?? {};
  return {
    memory: optionalText(limits, 'memory') ?? DEFAULT_SERVICE_MEMORY,
    cpu: optionalText(limits, 'cpu') ?? DEFAULT_SERVICE_CPU,
    concurrency: optionalCount(template, 'maxInstanceRequestConcurrency') ?? DEFAULT_SERVICE_CONCURRENCY,
    minInstances: optionalCount(scaling, 'minInstanceCount') ?? 0,
    maxInstances: optionalCount(scaling, 'maxInstanceCount') ?? DEFAULT_MOST_INSTANCES,
  };
}

const variables = (container: Inputs): Record<string, string> =>
  Object.fromEntries(
    ('envs' in container ? groups(container, 'envs') : []).map((env) => [
      text(env, 'name'),
      text(env, 'value'),
    ]),
  );

function secondsOf(duration: string): number {
  const [, seconds] = /^(\d+)s$/.exec(duration) ?? [];
  if (seconds === undefined) throw new Error(`the timeout ${duration} is not in seconds, such as 300s`);
  return Number(seconds);
}

function requireRuntime(name: string, image: string): void {
  if (image.endsWith(`/runtimes/${RUNTIME}`)) return;
  throw new Error(`the local cloud refuses the base image ${image} of ${name}: expected one of ${RUNTIME}`);
}

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

export const creators: Creators = {
  'gcp:cloudfunctionsv2/function:Function': cloudFunction,
  'gcp:cloudrunv2/service:Service': cloudRunService,
};
