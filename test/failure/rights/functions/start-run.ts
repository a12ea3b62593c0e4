// The work of start-run that its rights are there for.
import { cancelObject, startedObject } from '../../../../shared/runs/names.ts';
import { nextId } from '../../../mesh/orders.ts';
import { JOB, OPERATOR, PIPELINE } from '../scene.ts';
import { freed, isWell, wordsOf, type FunctionWorks, type Work } from '../work.ts';

const starting: Work = {
  what: 'a message starts the job of the run that was asked for',
  needs: ['start-run-courier-invoker', 'startRun-adds-runs', `${JOB}-startRun-starts`],
  async attempt(scene) {
    const run = await scene.requested();
    const answer = await scene.push('start-run', { pipeline: PIPELINE, run });
    const isStarted = await scene.exists(startedObject(PIPELINE, run, 1));
    return { isDone: isWell(answer) && isStarted, said: wordsOf(answer) };
  },
};

const endingBeforeTheJob: Work = {
  what: 'start-run ends a cancelled run, frees the lease and calls the run that waits',
  needs: ['startRun-moves-pointers', 'startRun-run-requested'],
  async attempt(scene) {
    const run = await scene.requested();
    await scene.lease(run, scene.published);
    const at = new Date().toISOString();
    await scene.put(cancelObject(PIPELINE, run), { order: nextId(), by: OPERATOR, reason: 'a test', at });
    return freed(scene, await scene.push('start-run', { pipeline: PIPELINE, run }));
  },
};

export default { works: [starting, endingBeforeTheJob], traced: starting } satisfies FunctionWorks;
