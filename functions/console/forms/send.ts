// What becomes of a form that is sent: the command goes to handle-commands with the person's own assertion, or nothing is done.
import { z } from 'zod';
import { readAuditEntry, type AuditEntry } from '../../../shared/commands/audit.ts';
import {
  command as commandSchema,
  commandTimeOf,
  isCommandId,
  LONGEST_REASON,
} from '../../../shared/commands/command.ts';
import { messageOf, PermanentError, TransientError } from '../../../shared/errors.ts';
import { isAboutPerson, PageProblem, type Choice } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';

/** How long a form counts; handle-commands has a bound of its own. */
const FORM_MS = 10 * 60_000;

export interface FormSent {
  /** The folder of the audit record. */
  readonly folder: string;
  /** Where the other commands are shown; undefined: where the form is opened anew. */
  readonly records: Choice | undefined;
  /** To open the form anew. */
  readonly again: Choice;
  /** Read when it is known that the form is new: what stands now, and the command without its id and reason. */
  readonly subject: () => Promise<{ readonly seen: string; readonly draft: object }>;
  /** What was done since the form was shown, in a sentence. */
  readonly since: () => Promise<string>;
}

const fields = z.object({
  id: z.string().refine(isCommandId),
  seen: z.string().min(1).max(40),
  reason: z.string().trim().min(1).max(LONGEST_REASON),
});

/**
 * Sends what the form says, if what it showed still stands. Returns the command as it is recorded.
 *
 *     sent before (a second click, a reload) ▸ its record
 *     older than ten minutes, or something changed ▸ nothing is sent: what was done since, and by whom
 *     otherwise ▸ handle-commands ▸ the record; it may have no result yet, if the answer was lost
 */
export async function sendForm(asked: Asked, ports: Ports, sent: FormSent): Promise<AuditEntry> {
  const { folder, again } = sent;
  const given = fields.safeParse(Object.fromEntries(asked.form));
  if (!given.success)
    throw new PageProblem('invalid', `the form needs a reason of 1 to ${LONGEST_REASON} characters`, [again]);
  const { id, seen, reason } = given.data;
  const before = await readAuditEntry(ports.audit, folder, id);
  if (before !== undefined) return before;
  const isOld = Math.abs(ports.now() - commandTimeOf(id)) > FORM_MS;
  if (isOld) throw await stale('the form is more than 10 minutes old', sent);
  const subject = await sent.subject();
  if (subject.seen !== seen) throw await stale('something has changed since the form was shown', sent);
  const command = commandSchema.safeParse({ ...subject.draft, reason, id });
  if (!command.success) throw new PageProblem('invalid', z.prettifyError(command.error), [again]);
  return passOn(command.data, folder, asked, ports);
}

/** Unknown: handle-commands may have accepted it. Its record says so, and the same command again finishes it. */
export async function passOn(
  command: z.infer<typeof commandSchema>,
  folder: string,
  { assertion }: Asked,
  ports: Ports,
): Promise<AuditEntry> {
  const read = () => readAuditEntry(ports.audit, folder, command.id);
  let lost: unknown;
  try {
    await ports.send(command, assertion);
  } catch (error) {
    if (error instanceof PermanentError) throw refusalOf(error);
    lost = error;
  }
  const entry = await read();
  if (entry !== undefined) return entry;
  throw new TransientError(
    `handle-commands ${lost === undefined ? 'answered' : `did not answer (${messageOf(lost)})`}, and the command ${command.id} is not recorded. It may still be carried out; the same form, sent again, acts once`,
    { code: 'RESULT_PENDING', cause: lost },
  );
}

/** Nothing was done. That the caller may not do it, every screen answers in the same way. */
function refusalOf(error: PermanentError): Error {
  const { message } = error;
  return isAboutPerson(error) ? error : new PageProblem('invalid', message);
}

async function stale(why: string, { again, since, records }: FormSent): Promise<PageProblem> {
  const choices = records === undefined ? [again] : [again, records];
  return new PageProblem('stale-form', `${why}; ${await since()}`, choices);
}

/** By whom the last command was sent, for a page that is refused because something changed. */
export const lastCommand = (last: AuditEntry | undefined): string =>
  last === undefined
    ? 'no command was sent'
    : `the last command is ${last.command.verb} by ${last.by} at ${last.at}: ${last.command.reason}`;
