// The work of publish-output that its rights are there for.
import { PIPELINE } from '../setup.ts';
import { freed, replayed, type FunctionWorks, type Work } from '../work.ts';

const publishing: Work = {
  what: 'publish-output stages, checks and publishes an output',
  needs: [
    'publish-output-pubsub-invoker-invoker',
    'publishOutput-adds-runs',
    'publishOutput-reads-results',
    'publishOutput-makes-jobs',
    'publishOutput-carmila_data',
    'publishOutput-sluice',
    'publishOutput-carmila_data_staging',
  ],
  attempt: replayed,
};

const givingBack: Work = {
  what: 'publish-output gives back the lease of an ended run and calls the run that waits',
  needs: ['publishOutput-moves-pointers', 'publishOutput-run-requested'],
  async attempt(setup) {
    const { published: run } = setup;
    await setup.lease(run, run);
    return freed(setup, await setup.push('publish-output', { pipeline: PIPELINE, run, attempt: 1 }));
  },
};

export default { works: [publishing, givingBack], traced: givingBack } satisfies FunctionWorks;
