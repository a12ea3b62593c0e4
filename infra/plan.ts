// Runs the program under Pulumi's mock monitor: without CLI or account, it lists the resources to create.
import * as pulumi from '@pulumi/pulumi';
import { loadFunctions, type Functions } from '../shared/functions/registry.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { googleAnswers } from './google-answers.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';
import { folderSources } from './sources.ts';

export interface PlannedResource {
  /** Pulumi's type token: `gcp:storage/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  /** The inputs, with every output of another resource filled in. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Surroundings {
  /** Stack configuration: `gcp:project`, `carmila:driveFolderId`. */
  readonly config: Readonly<Record<string, string>>;
  /** The address of a function. */
  readonly functionUrl: (name: string) => string;
  /** Default: those of `pipelines/`. */
  readonly pipelines?: readonly Pipeline[];
  /** Default: those of `functions/`. */
  readonly functions?: Functions;
}

/** The resources in the order in which they were registered. One plan at a time in a process. */
export async function planResources(surroundings: Surroundings): Promise<readonly PlannedResource[]> {
  const answers = googleAnswers(surroundings.config['gcp:project'] ?? '', surroundings.functionUrl);
  const planned: PlannedResource[] = [];
  pulumi.runtime.setAllConfig({ ...surroundings.config });
  await pulumi.runtime.setMocks(
    {
      ...answers,
      newResource(resource) {
        const { type, name, inputs } = resource;
        planned.push({ type, name, inputs: inputs as PlannedResource['inputs'] });
        return answers.newResource(resource);
      },
    },
    'sluice',
    'local',
  );
  const pipelines = surroundings.pipelines ?? [...loadPipelines().values()];
  const settings = readSettings(pipelines, surroundings.functions ?? loadFunctions());
  withShortTraces(() => deploy(settings, folderSources(settings.functionsFolder)));
  await pulumi.runtime.disconnect();
  return planned;
}

/**
 * Pulumi writes out a stack trace with each of its promises, to find one that never settles. With the ten
 * frames that Node keeps this is about a fifth of the time of a plan. One frame still says where the program threw.
 */
function withShortTraces(work: () => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
