// The story of a command: record who gives it and why, carry it out, record its result.
import { PermanentError } from '../../shared/errors.ts';
import { recordEnd, readEnd, recordIntent } from '../../shared/commands/audit.ts';
import {
  refused,
  type AcceptedCommand,
  type OperatorCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { cancelRun } from './cancel.ts';
import { forceRun } from './force.ts';
import { isRequests } from '../../shared/pipelines/pipeline.ts';
import { pipelineNamed } from '../../shared/pipelines/registry.ts';
import { holdRun } from './hold.ts';
import { dropDeadLetters, redriveDeadLetters } from './dead-letters.ts';
import { pinModel, rollBackModel } from './models.ts';
import type { Ports } from './ports.ts';
import { pausePipeline, resumePipeline } from './pause.ts';
import { releaseRun } from './release.ts';
import { applyPlan, makePlan } from './replay.ts';
import type { Sender } from './sender.ts';
import { handleRequested } from './requested/requested.ts';

/**
 * The same command again, by the same operator, acts once: it finishes what was interrupted, or returns the recorded
 * result (law 1). `by` is the sender's identity, from a token or an assertion.
 */
export async function handleCommand(
  given: OperatorCommand,
  { by, through }: Sender,
  ports: Ports,
): Promise<CommandResult> {
  const now = () => new Date(ports.now()).toISOString();
  const mine: AcceptedCommand = { command: given, by, at: now(), ...(through && { through }) };
  const accepted = await recordIntent(ports.audit, mine);
  if (accepted.by !== by || JSON.stringify(accepted.command) !== JSON.stringify(given)) {
    throw new PermanentError(
      `the command id ${given.id} belongs to the ${accepted.command.verb} of ${accepted.by}; nothing was done. Send this command under a new id`,
      { code: 'COMMAND_ID_REUSED' },
    );
  }
  const ended = await readEnd(ports.audit, given);
  if (ended !== undefined) return ended;

  const log = ports.log.child({ command: given.id, verb: given.verb, by, through, reason: given.reason });
  const result = await carryOut(accepted, ports);
  log.info({ result: result.result, code: result.code }, `${given.verb} by ${by}: ${result.message}`);
  return recordEnd(ports.audit, given, result, now());
}

/** A permanent failure is a result as well; after any other failure the same command can finish the intent. */
async function carryOut(accepted: AcceptedCommand, ports: Ports): Promise<CommandResult> {
  try {
    return await act(accepted, ports);
  } catch (error) {
    if (error instanceof PermanentError) return refused(error.code, error.message);
    throw error;
  }
}

function act({ command, ...given }: AcceptedCommand, ports: Ports): Promise<CommandResult> {
  if ('pipeline' in command && isRequests(pipelineNamed(ports.pipelines, command.pipeline)))
    return handleRequested({ ...given, command }, ports);
  switch (command.verb) {
    case 'pause':
      return pausePipeline({ ...given, command }, ports);
    case 'resume':
      return resumePipeline({ ...given, command }, ports);
    case 'run':
      return forceRun({ ...given, command }, ports);
    case 'cancel':
      return cancelRun({ ...given, command }, ports);
    case 'hold':
      return holdRun({ ...given, command }, ports);
    case 'release':
      return releaseRun({ ...given, command }, ports);
    case 'pin':
    case 'unpin':
      return pinModel({ ...given, command }, ports);
    case 'rollback':
      return rollBackModel({ ...given, command }, ports);
    case 'plan':
      return makePlan({ ...given, command }, ports);
    case 'replay':
      return applyPlan({ ...given, command }, ports);
    case 'redrive':
      return redriveDeadLetters({ ...given, command }, ports);
    case 'drop':
      return dropDeadLetters({ ...given, command }, ports);
  }
}
