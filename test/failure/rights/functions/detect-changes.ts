// The work of detect-changes that its rights are there for.
import { polled, type FunctionWorks, type Work } from '../work.ts';

const looking: Work = {
  what: 'a tick polls the folder and requests a run',
  needs: [
    'detect-changes-scheduler-invoker',
    'detectChanges-adds-runs',
    'detectChanges-moves-pointers',
    'detectChanges-run-requested',
  ],
  attempt: polled,
};

export default { works: [looking], traced: looking } satisfies FunctionWorks;
