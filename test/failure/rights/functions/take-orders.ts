// The work of take-orders that its rights are there for; dead letters are tried beside it.
import { JOB, PIPELINE } from '../scene.ts';
import { order, type FunctionWorks, type Work } from '../work.ts';

const pausing: Work = {
  what: 'a person pauses the pipeline',
  needs: ['takeOrders-adds-audit', 'takeOrders-adds-runs', 'takeOrders-moves-pointers'],
  attempt: (scene) => order(scene, { verb: 'pause', pipeline: PIPELINE }),
};

const forcing: Work = {
  what: 'a person asks for a run of the folder as it is',
  needs: ['detect-changes-takeOrders-invoker'],
  attempt: (scene) => order(scene, { verb: 'run', pipeline: PIPELINE }),
};

const cancelling: Work = {
  what: 'a person cancels a run, sees its execution gone, and the run that waits is called',
  needs: [`${JOB}-takeOrders-minds`, 'takeOrders-reads-results', 'takeOrders-run-requested'],
  async attempt(scene) {
    const run = await scene.submitted();
    await scene.lease(run, scene.published);
    return order(scene, { verb: 'cancel', pipeline: PIPELINE, run });
  },
};

export default { works: [pausing, forcing, cancelling], traced: forcing } satisfies FunctionWorks;
