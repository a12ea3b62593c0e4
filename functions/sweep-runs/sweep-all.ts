// Sweeps every pipeline, a bounded number at a time (law 10); trouble with one does not keep it from the others.
import { Readable } from 'node:stream';
import { messageOf } from '../../shared/errors.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { sweepRuns, type Mesh, type Sweep } from './sweep-runs.ts';

export interface Swept {
  readonly pipeline: Pipeline;
  readonly jobs: JobRunner;
}

// A pipeline that takes its time, because it calls a function and waits, holds up one place of these.
const PIPELINES_AT_ONCE = 32;

export async function sweepAll(
  pipelines: readonly Swept[],
  mesh: Omit<Mesh, 'jobs'>,
): Promise<readonly Sweep[]> {
  const sweep = ({ pipeline, jobs }: Swept): Promise<Sweep> =>
    sweepRuns(pipeline, { ...mesh, jobs }).catch((error: unknown): Sweep => {
      mesh.log.error({ pipeline: pipeline.name, err: error }, messageOf(error));
      return { pipeline: pipeline.name, actions: [], problems: [messageOf(error)] };
    });
  return (await Readable.from(pipelines).map(sweep, { concurrency: PIPELINES_AT_ONCE }).toArray()) as Sweep[];
}
