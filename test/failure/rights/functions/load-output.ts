// The work of load-output that its rights are there for.
import { PIPELINE } from '../scene.ts';
import { freed, replayed, type FunctionWorks, type Work } from '../work.ts';

const publishing: Work = {
  what: 'load-output stages, checks and publishes an output',
  needs: [
    'load-output-courier-invoker',
    'loadOutput-adds-runs',
    'loadOutput-reads-results',
    'loadOutput-makes-jobs',
    'loadOutput-carmila_data',
    'loadOutput-sluice',
    'loadOutput-carmila_data_staging',
  ],
  attempt: replayed,
};

const givingBack: Work = {
  what: 'load-output gives back the lease of an ended run and calls the run that waits',
  needs: ['loadOutput-moves-pointers', 'loadOutput-run-requested'],
  async attempt(scene) {
    const { published: run } = scene;
    await scene.lease(run, run);
    return freed(scene, await scene.push('load-output', { pipeline: PIPELINE, run, attempt: 1 }));
  },
};

export default { works: [publishing, givingBack], traced: givingBack } satisfies FunctionWorks;
