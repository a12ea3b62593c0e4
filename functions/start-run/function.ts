// What start-run may do and who calls it.
import { RUN_ENDED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { functionCall, message } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  adds,
  changes,
  movesState,
  publishes,
  reads,
  readsSources,
  starts,
} from '../../shared/functions/rights.ts';
import { SMALL } from '../../shared/functions/size.ts';

export default defineFunction({
  name: 'start-run',
  purpose: 'Freezes sources and starts jobs',
  calledBy: [message(RUN_REQUESTED), functionCall('sweep-runs')],
  rights: [
    readsSources(),
    adds('runs'),
    movesState('runs'),
    // The champions that a training job compares its candidates with.
    reads('exports'),
    starts('jobs'),
    // Whether an attempt of a requested run wrote its manifest.
    reads('results'),
    // The queued run, when this one ends before its job.
    publishes(RUN_REQUESTED),
    // The dispatch of requested runs: it copies the request, decides, and deletes what has ended.
    adds('requests'),
    changes('requests', 'queue'),
    changes('requests', 'dispatch'),
    publishes(RUN_ENDED),
  ],
  // It hashes and copies files, one run at a time, so that a second run's files do not share its memory.
  size: SMALL,
});
