// The work of handle-commands that its rights are there for; dead letters are tried beside it.
import { JOB, PIPELINE, type RightsSetup } from '../setup.ts';
import { command, type FunctionWorks, type Work } from '../work.ts';

const pausing: Work = {
  what: 'a person pauses the pipeline',
  needs: ['handleCommands-adds-audit', 'handleCommands-adds-runs', 'handleCommands-moves-pointers'],
  attempt: (setup) => command(setup, { verb: 'pause', pipeline: PIPELINE }),
};

const forcing: Work = {
  what: 'a person asks for a run of the folder as it is',
  needs: ['detect-changes-handleCommands-invoker'],
  attempt: (setup) => command(setup, { verb: 'run', pipeline: PIPELINE }),
};

type Cancelled = Pick<RightsSetup, 'call' | 'submitted' | 'lease' | 'published'>;

export const cancelling = (pipeline: string, needs: readonly string[]): Work<Cancelled> => ({
  what: 'an operator cancels a run: its execution ends, and the run that waits is called',
  needs,
  async attempt(setup) {
    const run = await setup.submitted();
    await setup.lease(run, setup.published);
    return command(setup, { verb: 'cancel', pipeline, run });
  },
});

export default {
  works: [
    pausing,
    forcing,
    cancelling(PIPELINE, [
      `${JOB}-handleCommands-operates`,
      'handleCommands-reads-results',
      'handleCommands-run-requested',
    ]),
  ],
  traced: forcing,
} satisfies FunctionWorks;
