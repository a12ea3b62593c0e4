// The settings of the stack whose calls are counted: carmila alone, with the patience of a deployment.
import { requestedBeside } from '../../cli/local-stack.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { REQUEST_SETTINGS } from '../../shared/pipelines/requesters.ts';
import { stackKeyOf } from '../../shared/pipelines/setting.ts';

/** The pipeline alone: the rows of requested runs are counted apart (`requests.ts`). */
export const ALONE = Object.fromEntries(
  requestedBeside(carmila.name).flatMap(({ name }) =>
    REQUEST_SETTINGS.map((setting) => [stackKeyOf(name, setting), '']),
  ),
);

/** What is under way is not overdue: a laptop's sweeps are more impatient. */
export const MEASURED_STACK = { 'sluice:overdueSeconds': '120', ...ALONE };
