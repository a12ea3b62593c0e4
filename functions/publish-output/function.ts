// What publish-output may do and who calls it.
import { LOAD_REQUESTED, RUN_ENDED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { finishedOutput, functionCall, message } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  adds,
  movesState,
  publishes,
  publishesObjects,
  publishesTables,
  reads,
} from '../../shared/functions/rights.ts';
import { WAITING } from '../../shared/functions/size.ts';

export default defineFunction({
  name: 'publish-output',
  purpose: 'Publishes outputs',
  calledBy: [message(LOAD_REQUESTED), finishedOutput(), functionCall('sweep-runs')],
  rights: [
    adds('runs'),
    movesState('runs'),
    reads('results'),
    publishesTables(),
    publishesObjects(),
    // The queued run, when this one has ended.
    publishes(RUN_REQUESTED),
    // The slots of requested runs: only the attempt in a slot may publish its result.
    reads('requests'),
    // The release of a held result is an end of its own.
    publishes(RUN_ENDED),
  ],
  // BigQuery loads and checks for seconds to minutes, and every finished object of the results bucket is a call as well.
  size: WAITING,
});
