// The story of an order: write down who wishes what and why, carry it out, write down what came of it.
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
import { holdRun } from './hold.ts';
import { dropDeadLetters, redriveDeadLetters } from './dead-letters.ts';
import type { Ports } from './ports.ts';
import { pausePipeline, resumePipeline } from './pause.ts';
import { pinModel } from './pin.ts';
import { releaseRun } from './release.ts';

/**
 * The same order again, by the same person, acts once: it finishes what was cut off, or tells what came of it
 * (law 1). `by` is the caller's identity, as its token said.
 */
export async function handleCommand(
  given: OperatorCommand,
  by: string,
  ports: Ports,
): Promise<CommandResult> {
  const now = () => new Date(ports.now()).toISOString();
  const mine: AcceptedCommand = { command: given, by, at: now() };
  const accepted = await recordIntent(ports.audit, mine);
  if (accepted.by !== by || JSON.stringify(accepted.command) !== JSON.stringify(given)) {
    throw new PermanentError(
      `the order ${given.id} was given by ${accepted.by} as ${accepted.command.verb}; expected an id of its own for another order`,
    );
  }
  const ended = await readEnd(ports.audit, given);
  if (ended !== undefined) return ended;

  const log = ports.log.child({ command: given.id, verb: given.verb, by, reason: given.reason });
  const result = await carryOut(accepted, ports);
  log.info({ result: result.result }, `${given.verb} by ${by}: ${result.message}`);
  return recordEnd(ports.audit, given, result, now());
}

/** What another try cannot help is a result as well; any other failure leaves the intent to be finished. */
async function carryOut(accepted: AcceptedCommand, ports: Ports): Promise<CommandResult> {
  try {
    return await act(accepted, ports);
  } catch (error) {
    if (error instanceof PermanentError) return refused(error.message);
    throw error;
  }
}

function act({ command, ...given }: AcceptedCommand, ports: Ports): Promise<CommandResult> {
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
    case 'redrive':
      return redriveDeadLetters({ ...given, command }, ports);
    case 'drop':
      return dropDeadLetters({ ...given, command }, ports);
  }
}
