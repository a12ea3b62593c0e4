// The functions of the infra program: each runs from the folder that would be uploaded.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  group,
  knownInputs,
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

const FUNCTION: Shape = {
  name: 'value',
  location: 'value',
  buildConfig: {
    runtime: [`nodejs${process.versions.node.split('.')[0]}`],
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

// What Cloud Functions takes for what is not said.
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
};
