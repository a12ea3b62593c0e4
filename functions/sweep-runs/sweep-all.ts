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

/** What made it look: its schedule, or the news that an execution has finished. */
export type Occasion = 'schedule' | 'execution';

// A pipeline that takes its time, because it calls a function and waits, holds up one place of these.
const PIPELINES_AT_ONCE = 32;

export async function sweepAll(
  pipelines: readonly Swept[],
  mesh: Omit<Mesh, 'jobs'>,
  occasion: Occasion = 'schedule',
): Promise<readonly Sweep[]> {
  const sweep = ({ pipeline, jobs }: Swept): Promise<Sweep> =>
    sweepRuns(pipeline, { ...mesh, jobs }).catch((error: unknown): Sweep => {
      mesh.log.error({ pipeline: pipeline.name, err: error }, messageOf(error));
      return { pipeline: pipeline.name, actions: [], problems: [messageOf(error)] };
    });
  const swept = (await Readable.from(pipelines)
    .map(sweep, { concurrency: PIPELINES_AT_ONCE })
    .toArray()) as Sweep[];
  tellSweep(swept, occasion, mesh);
  return swept;
}

/** The line that says that sweeps still come; the alert counts those of the schedule alone. */
function tellSweep(swept: readonly Sweep[], occasion: Occasion, { log }: Pick<Mesh, 'log'>): void {
  const actions = swept.reduce((sum, each) => sum + each.actions.length, 0);
  const problems = swept.reduce((sum, each) => sum + each.problems.length, 0);
  log.info(
    { event: 'swept', occasion, pipelines: swept.length, actions, problems },
    `swept ${swept.length} pipelines: ${actions} pushed on, ${problems} with problems`,
  );
}
