// Dead letters, by order: published again where they came from, or dropped for good.
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

type Given = AcceptedCommand<DeadLetterCommand>;

/** A letter is forgotten only once its publication was answered: cut off in between, it is delivered twice. */
export function redriveDeadLetters({ command }: Given, ports: Ports): Promise<CommandResult> {
  return withEach(command, ports, 'published again', (deadLetter) =>
    ports.deadLetters.publish(command.subscription, {
      data: deadLetter.data,
      attributes: redrivenAttributes(deadLetter, command.id),
    }),
  );
}

export function dropDeadLetters({ command }: Given, ports: Ports): Promise<CommandResult> {
  return withEach(command, ports, 'dropped', (deadLetter) => {
    ports.log.warn(
      { ...printable(deadLetter), command: command.id },
      `dropped the dead letter ${deadLetter.id}`,
    );
    return Promise.resolve();
  });
}

function withEach(
  { subscription, deadLetters }: Given['command'],
  ports: Ports,
  what: string,
  act: (deadLetter: HeldDeadLetter) => Promise<void>,
): Promise<CommandResult> {
  return holding(ports.deadLetters, subscription, async (held, forget) => {
    const wanted = held.deadLetters.filter(({ id }) => deadLetters.includes(id));
    for (const deadLetter of wanted) {
      await act(deadLetter);
      await forget(deadLetter);
    }
    const missing = deadLetters.filter((id) => !wanted.some((deadLetter) => deadLetter.id === id));
    const gone = held.isAll
      ? `not there: ${missing.join(', ')} (worked with before, or being looked at by somebody else)`
      : `not among the ${held.deadLetters.length} that were looked at: ${missing.join(', ')} (there may be more; give another order for them)`;
    if (wanted.length === 0) return refused(`${what}: none. ${gone}.`);
    return done(`${what}: ${wanted.map(({ id }) => id).join(', ')}${missing.length > 0 ? `; ${gone}` : ''}.`);
  });
}

const LONGEST_SHOWN = 2000;

/** The log is the last place where a dropped letter can be read. */
const printable = ({ id, subscription, data, attributes, deadLetteredAt }: DeadLetter) => ({
  deadLetter: {
    id,
    subscription,
    attributes,
    deadLetteredAt,
    data: data.toString('utf8').slice(0, LONGEST_SHOWN),
  },
});
