// The work of start-run that its rights are there for.
import { cancelObject, startedObject } from '../../../../shared/runs/names.ts';
import { nextId } from '../../../mesh/operator-commands.ts';
import { JOB, OPERATOR, PIPELINE } from '../setup.ts';
import { freed, isWell, answerText, type FunctionWorks, type Work } from '../work.ts';

const starting: Work = {
  what: 'a message starts the job of the run that was asked for',
  needs: ['start-run-pubsub-invoker-invoker', 'startRun-adds-runs', `${JOB}-startRun-starts`],
  async attempt(setup) {
    const run = await setup.requested();
    const answer = await setup.push('start-run', { pipeline: PIPELINE, run });
    const isStarted = await setup.exists(startedObject(PIPELINE, run, 1));
    return { isDone: isWell(answer) && isStarted, message: answerText(answer) };
  },
};

const endingBeforeTheJob: Work = {
  what: 'start-run ends a cancelled run, frees the lease and calls the run that waits',
  needs: ['startRun-moves-pointers', 'startRun-run-requested'],
  async attempt(setup) {
    const run = await setup.requested();
    await setup.lease(run, setup.published);
    const at = new Date().toISOString();
    await setup.put(cancelObject(PIPELINE, run), { command: nextId(), by: OPERATOR, reason: 'a test', at });
    return freed(setup, await setup.push('start-run', { pipeline: PIPELINE, run }));
  },
};

export default { works: [starting, endingBeforeTheJob], traced: starting } satisfies FunctionWorks;
