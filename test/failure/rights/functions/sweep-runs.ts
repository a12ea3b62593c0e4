// The work of sweep-runs that its rights are there for.
import { outcomeObject } from '../../../../shared/runs/names.ts';
import { readOutcome } from '../../../../shared/runs/outcome.ts';
import type { RunningMesh } from '../../../mesh/start-mesh.ts';
import { JOB, PIPELINE, type RightsSetup } from '../setup.ts';
import { freed, type FunctionWorks, type Work } from '../work.ts';

const sweepingUp: Work = {
  what: 'a sweep frees the lease of an ended run and calls start-run for the run that waits',
  needs: [
    'sweep-runs-scheduler-invoker',
    'sweepRuns-adds-runs',
    'sweepRuns-moves-pointers',
    'start-run-sweepRuns-invoker',
  ],
  async attempt(setup) {
    await setup.lease(setup.published, setup.published);
    return freed(setup, { status: await setup.mesh.fire('sweep'), text: '' });
  },
};

interface Swept extends Pick<RightsSetup, 'published' | 'remove' | 'lease'> {
  readonly mesh: Pick<RunningMesh, 'runs' | 'logLines' | 'fire' | 'until'>;
}

export const sweepingOn = (pipeline: string, needs: readonly string[]): Work<Swept> => ({
  what: 'a sweep reads an execution and its output, and calls publish-output',
  needs,
  async attempt(setup) {
    const { mesh, published } = setup;
    await setup.remove(outcomeObject(pipeline, published));
    await setup.lease(published, null);
    const since = mesh.logLines.length;
    await mesh.fire('sweep');
    return mesh.until('the outcome, or why publish-output was not called', async () => {
      const refused = mesh.logLines
        .slice(since)
        .find((line) => line.startsWith('sweep-runs') && /denied|requires/.test(line));
      if (refused !== undefined) return { isDone: false, message: refused };
      // The rows were staged and dropped long ago: they are staged anew, and their publication is met again.
      const outcome = await readOutcome(mesh.runs, pipeline, published);
      return outcome && { isDone: outcome.outcome === 'published', message: outcome.reason };
    });
  },
});

const sweepingAtOnce: Work = {
  what: 'the event of a finished execution makes the sweep act',
  needs: ['sweep-runs-pubsub-invoker-invoker'],
  async attempt(setup) {
    await setup.lease(setup.published, setup.published);
    const resource = { type: 'cloud_run_job', labels: { job_name: JOB } };
    return freed(setup, await setup.push('sweep-runs', { resource }));
  },
};

export default {
  works: [
    sweepingUp,
    sweepingOn(PIPELINE, [
      'sweepRuns-reads-results',
      `${JOB}-sweepRuns-operates`,
      'publish-output-sweepRuns-invoker',
    ]),
    sweepingAtOnce,
  ],
  traced: sweepingUp,
} satisfies FunctionWorks;
