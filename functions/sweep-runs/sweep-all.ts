// Sweeps every pipeline, a bounded number at a time (law 10); a failure of one does not stop the others.
import { counted } from '../../shared/counted.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Publisher, TidyRequested } from '../../shared/events/messages.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import { objectOutputsOf } from '../../shared/pipelines/outputs.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { sweepRequests } from './sweep-requests.ts';
import { sweepRuns, type Ports, type Sweep } from './sweep-runs.ts';

export interface Swept {
  readonly pipeline: Pipeline;
  readonly jobs: JobRunner;
}

/** What triggered the sweep: its schedule, or the message that an execution has finished. */
export type Occasion = 'schedule' | 'execution';

/** The ports of a sweep of any number of pipelines. */
export interface SweepPorts extends Omit<Ports, 'jobs'> {
  readonly requests: ObjectStore;
  readonly tidyRequested: Publisher<TidyRequested>;
}

const TIDYING_HOUR = 3;
const SWEEP_MINUTES = 10;
// A slow pipeline, for which the sweep calls a function and waits, occupies one of these.
const PIPELINES_AT_ONCE = 32;

export async function sweepAll(
  pipelines: readonly Swept[],
  ports: SweepPorts,
  occasion: Occasion = 'schedule',
): Promise<readonly Sweep[]> {
  const isTidying = occasion === 'schedule' && isTimeToTidy(ports.now());
  const sweep = async ({ pipeline, jobs }: Swept): Promise<Sweep> => {
    const { name } = pipeline;
    try {
      const swept = isRequests(pipeline)
        ? await sweepRequests(pipeline, ports)
        : await sweepRuns(pipeline, { ...ports, jobs });
      // publish-output has the right to set the time from which superseded files are kept.
      if (isTidying && objectOutputsOf(pipeline).length > 0)
        await ports.tidyRequested.publish({ pipeline: name, tidy: true });
      return swept;
    } catch (error) {
      ports.log.error({ pipeline: name, err: error }, messageOf(error));
      return { pipeline: name, actions: [], problems: [messageOf(error)] };
    }
  };
  const swept = await concurrently(pipelines, PIPELINES_AT_ONCE, sweep);
  logSweep(swept, occasion, ports);
  return swept;
}

/** Once a day: the sweep's schedule fires every ten minutes. If a day is missed, the next one does its work. */
const isTimeToTidy = (nowMs: number): boolean => {
  const now = new Date(nowMs);
  return now.getUTCHours() === TIDYING_HOUR && now.getUTCMinutes() < SWEEP_MINUTES;
};

/** The line that shows that sweeps run; the alert counts those of the schedule alone. */
function logSweep(swept: readonly Sweep[], occasion: Occasion, { log }: Pick<Ports, 'log'>): void {
  const actions = swept.reduce((sum, each) => sum + each.actions.length, 0);
  const problems = swept.reduce((sum, each) => sum + each.problems.length, 0);
  log.info(
    { event: 'swept', occasion, pipelines: swept.length, actions, problems },
    `Sweep finished: ${counted(swept.length, 'pipeline')}, ${counted(actions, 'action')}, ${counted(problems, 'problem')}.`,
  );
}
