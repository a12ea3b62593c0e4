// What detect-changes may do and who calls it.
import { RUN_REQUESTED } from '../../shared/deployment.ts';
import {
  finishedSource,
  functionCall,
  operators,
  pipelineSchedules,
} from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import { adds, movesState, publishes, watchesSources } from '../../shared/functions/rights.ts';
import { SMALL } from '../../shared/functions/size.ts';
import { accountOf } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'detect-changes',
  purpose: 'Polls sources and requests runs',
  calledBy: [pipelineSchedules('tick'), finishedSource(), functionCall('handle-commands'), operators()],
  rights: [watchesSources(), adds('runs'), movesState('runs'), publishes(RUN_REQUESTED)],
  variables: { COMMAND_HANDLER: accountOf('handle-commands') },
  // A listing and two reads: seconds.
  size: SMALL,
});
