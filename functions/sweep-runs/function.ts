// What sweep-runs may do and who calls it.
import { SWEEP_CALL } from '../../shared/events/messages.ts';
import { finishedExecution, schedule } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import { adds, delivers, movesState, operates, reads } from '../../shared/functions/rights.ts';
import { WAITING } from '../../shared/functions/size.ts';
import { countSetting } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'sweep-runs',
  purpose: 'Recovers runs that are overdue',
  calledBy: [schedule({ name: 'sweep', cron: '*/10 * * * *', body: SWEEP_CALL }), finishedExecution()],
  rights: [
    adds('runs'),
    movesState('runs'),
    reads('results'),
    // The waiting requests, and the slots of those that run.
    reads('requests'),
    operates('jobs'),
    // No topic in between: the sweep recovers runs when messages do not arrive (law 7).
    delivers('start-run'),
    delivers('publish-output'),
  ],
  variables: {
    // How long the sweep leaves a step alone before it counts as overdue.
    OVERDUE_SECONDS: countSetting(120),
  },
  // It waits for the functions that it calls, up to four minutes each; each finished execution calls it meanwhile.
  size: WAITING,
});
