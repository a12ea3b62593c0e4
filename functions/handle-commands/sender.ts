// Who sends a command: the operator whose token it carries, or the person for whom the console passes it on.
import { PASSED_ON, verifyAssertion, type AssertionPorts } from '../../shared/access/assertion.ts';
import { PermanentError } from '../../shared/errors.ts';
import { commandTimeOf } from '../../shared/commands/command.ts';
import type { HttpCall } from '../../shared/events/answer.ts';
import { callerOf } from '../../shared/events/caller.ts';

export interface Sender {
  readonly by: string;
  /** The function that passed the command on; undefined where the operator sent it. */
  readonly through: string | undefined;
}

export interface ConsolePorts extends AssertionPorts {
  /** The account of the console; `none` where there is none. */
  readonly account: string;
  /** Addresses in lower case. */
  readonly operators: readonly string[];
}

const NAME = 'console';
/** From the page that showed what the command will do until its person sends it. */
const LONGEST_MS = 15 * 60_000;

/**
 * The console has no power of its own: a call of its account counts only with a fresh assertion of a person. An assertion
 * in any other call is refused: only the console can have come by one honestly.
 *
 *     token of an operator                      ▸ that operator
 *     token of the console and an assertion     ▸ verified here: that person, through the console
 *     anything else                             ▸ refused, and nothing is recorded
 */
export async function senderOf(headers: HttpCall['headers'], console: ConsolePorts): Promise<Sender> {
  const by = callerOf(headers);
  const passedOn = headers[PASSED_ON];
  if (by.toLowerCase() !== console.account) {
    if (passedOn === undefined) return { by, through: undefined };
    throw unknown(`${by} passes on the assertion of a person; only the console may`);
  }
  const verified = await verifyAssertion(passedOn === undefined ? [] : [passedOn].flat(), console);
  if (verified.kind === 'refused')
    throw unknown(
      `the console passes on a command, and ${verified.why}; nothing was done. Open the page again`,
    );
  return { by: verified.person.email, through: NAME };
}

/** Everyone whom Identity-Aware Proxy lets in may read; of those, the stack lists who may also command. */
export function mayCommand({ by, through }: Sender, { operators }: Pick<ConsolePorts, 'operators'>): void {
  if (through !== undefined && !operators.includes(by)) throw notAllowed(by);
}

/** What the page showed is old: someone may have acted since. */
export function checkFresh(id: string, { through }: Sender, nowMs: number): void {
  if (through === undefined || Math.abs(nowMs - commandTimeOf(id)) <= LONGEST_MS) return;
  throw new PermanentError(
    `the command ${id} was prepared more than ${LONGEST_MS / 60_000} minutes ago; nothing was done. Open the page again`,
    { code: 'COMMAND_INVALID' },
  );
}

const unknown = (message: string) => new PermanentError(message, { code: 'CALLER_UNKNOWN' });

const notAllowed = (email: string) =>
  new PermanentError(
    `${email} may not send commands with the console; nothing was done. sluice:consoleOperators in the stack lists who may`,
    { code: 'CALLER_NOT_ALLOWED' },
  );
