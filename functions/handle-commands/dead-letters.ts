// Dead letters, by command: published again to the topic they came from, or deleted.
import {
  holding,
  redrivenAttributes,
  type DeadLetter,
  type HeldDeadLetter,
} from '../../shared/dead-letters/dead-letters.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type DeadLetterCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import type { Ports } from './ports.ts';

type Accepted = AcceptedCommand<DeadLetterCommand>;

/** A dead letter is acknowledged only after it was published: interrupted in between, it is delivered twice. */
export function redriveDeadLetters({ command }: Accepted, ports: Ports): Promise<CommandResult> {
  return withEach(command, ports, 'Requeued', (deadLetter) =>
    ports.deadLetters.publish(command.subscription, {
      data: deadLetter.data,
      attributes: redrivenAttributes(deadLetter, command.id),
    }),
  );
}

export function dropDeadLetters({ command }: Accepted, ports: Ports): Promise<CommandResult> {
  return withEach(command, ports, 'Deleted', (deadLetter) => {
    ports.log.warn(
      { ...printable(deadLetter), command: command.id },
      `Dead letter ${deadLetter.id} of ${deadLetter.subscription} deleted.`,
    );
    return Promise.resolve();
  });
}

function withEach(
  { subscription, deadLetters }: Accepted['command'],
  ports: Ports,
  action: 'Requeued' | 'Deleted',
  act: (deadLetter: HeldDeadLetter) => Promise<void>,
): Promise<CommandResult> {
  return holding(ports.deadLetters, subscription, async (held, forget) => {
    const wanted = held.deadLetters.filter(({ id }) => deadLetters.includes(id));
    for (const deadLetter of wanted) {
      await act(deadLetter);
      await forget(deadLetter);
    }
    const missing = deadLetters.filter((id) => !wanted.some((deadLetter) => deadLetter.id === id));
    const absent = held.isAll
      ? `Not found: ${missing.join(', ')} (handled before, or held by another caller).`
      : `Not among the ${held.deadLetters.length} that were read: ${missing.join(', ')} (there may be more; send another command for them).`;
    if (wanted.length === 0) return refused('DEAD_LETTER_NOT_FOUND', `${action}: none. ${absent}`);
    const handled = `${action}: ${wanted.map(({ id }) => id).join(', ')}.${action === 'Requeued' ? AFTERWARDS : ''}`;
    return done(missing.length > 0 ? `${handled} ${absent}` : handled);
  });
}

/** The cause of the failure may still be there. */
const AFTERWARDS = ' What fails again becomes a dead letter again.';
const LONGEST_SHOWN = 2000;

/** The log is the last place where a deleted dead letter can be read. */
const printable = ({ id, subscription, data, attributes, deadLetteredAt }: DeadLetter) => ({
  deadLetter: {
    id,
    subscription,
    attributes,
    deadLetteredAt,
    data: data.toString('utf8').slice(0, LONGEST_SHOWN),
  },
});
