// What handle-commands may do and who calls it.
import { LOAD_REQUESTED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { functionCall, operators } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  adds,
  calls,
  movesState,
  operates,
  publishes,
  reads,
  redrivesDeadLetters,
  verifiesTokens,
} from '../../shared/functions/rights.ts';
import { WAITING } from '../../shared/functions/size.ts';
import { consoleAccount, consoleVariables } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'handle-commands',
  purpose: 'Carries out operator commands',
  calledBy: [operators(), functionCall('console')],
  rights: [
    adds('audit'),
    adds('runs'),
    movesState('runs'),
    reads('results'),
    // Whether a requested run waits in the queue.
    reads('requests'),
    operates('jobs'),
    calls('detect-changes'),
    // The queued run, when another is cancelled; and the output of a held run that is released.
    publishes(RUN_REQUESTED),
    publishes(LOAD_REQUESTED),
    redrivesDeadLetters(),
    // A command that the console passes on carries the assertion of its person.
    verifiesTokens(),
  ],
  variables: { ...consoleAccount(), ...consoleVariables() },
  // It waits minutes until a cancelled execution has ended or a released output is published; several operators may call at once.
  size: WAITING,
});
