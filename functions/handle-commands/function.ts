// What handle-commands may do and who calls it.
import { LOAD_REQUESTED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { operators } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  adds,
  calls,
  movesState,
  operates,
  publishes,
  reads,
  redrivesDeadLetters,
} from '../../shared/functions/rights.ts';
import { WAITING } from '../../shared/functions/size.ts';

export default defineFunction({
  name: 'handle-commands',
  purpose: 'Carries out what operators ask for',
  calledBy: [operators()],
  rights: [
    adds('audit'),
    adds('runs'),
    movesState('runs'),
    reads('results'),
    operates('jobs'),
    calls('detect-changes'),
    // The run that waits, when another is cancelled; and the output of a held run that is released.
    publishes(RUN_REQUESTED),
    publishes(LOAD_REQUESTED),
    redrivesDeadLetters(),
  ],
  // It waits until a cancelled execution is gone or a released output is published: minutes, for each operator at once.
  size: WAITING,
});
