// The functions of the infra program: each runs from the folder that would be uploaded.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { count, group, knownInputs, text, texts } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import { askForBuild } from './building.ts';

const cloudFunction: Creator = (resource, { cloud, sourceRoot }) => {
  const inputs = knownInputs(resource, ['name', 'location', 'buildConfig', 'serviceConfig']);
  askForBuild(resource, cloud);
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

export const creators: Creators = {
  'gcp:cloudfunctionsv2/function:Function': cloudFunction,
};
