// What start-run may do and who calls it.
import { RUN_ENDED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { functionCall, message } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  adds,
  changes,
  forRequests,
  movesState,
  operates,
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
    // The queued run, when this one ends before its job.
    publishes(RUN_REQUESTED),
    // The dispatch of requested runs: it copies the request, decides, and deletes what has ended.
    adds('requests'),
    changes('requests', 'queue'),
    changes('requests', 'dispatch'),
    publishes(RUN_ENDED),
    // Who requested a run, recorded before the entry can be deleted.
    forRequests(adds('audit')),
    // It judges attempts by their manifests, and cancels executions that must not go on.
    forRequests(reads('results')),
    forRequests(operates('jobs')),
  ],
  // It hashes and copies files, one run at a time, so that a second run's files do not share its memory.
  size: SMALL,
});
