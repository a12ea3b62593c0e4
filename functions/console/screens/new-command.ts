// The form of a command: what it will do, what stands now, whether it may be too late; and what becomes of it when sent.
import { z } from 'zod';
import { commandWithReason } from '../../../shared/command-line.ts';
import { listAudit, readAuditEntry } from '../../../shared/commands/audit.ts';
import {
  command as commandSchema,
  commandIdOf,
  commandTimeOf,
  isCommandId,
} from '../../../shared/commands/command.ts';
import { html } from '../../../shared/page/html.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { isRunId } from '../../../shared/runs/names.ts';
import { isVerb } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { conditionShown } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn, readStanding } from '../reading/pipelines.ts';
import { seenOf } from '../reading/seen.ts';
import type { Standing } from '../reading/standing.ts';
import { screen } from '../screen.ts';
import { facts, spoken } from '../view.ts';
import { isAboutRun, VERBS, type Verb } from '../verbs.ts';

const LONGEST_REASON = 500;
/** How long a form counts; handle-commands has a bound of its own. */
const FORM_MS = 10 * 60_000;

interface Form {
  readonly pipeline: Pipeline;
  readonly verb: Verb;
  readonly run: string | null;
  readonly id: string;
  readonly seen: string;
  readonly standing: Standing | null;
  readonly reason: string;
}

/** What a form is about: named by its address, and checked before anything is read. */
function subjectIn(asked: Asked, ports: Ports): Pick<Form, 'pipeline' | 'verb' | 'run'> {
  const pipeline = pipelineIn(asked, ports);
  const verb = asked.params['verb'] ?? '';
  const of = `/p/${pipeline.name}/commands`;
  if (!isVerb(verb))
    throw new PageProblem(
      'not-found',
      `command ${verb}`,
      VERBS.map((each) => ({ name: each, path: `${of}/new/${each}` })),
    );
  if (!asked.isOperator)
    throw new PageProblem(
      'forbidden',
      `${asked.person.email} may read; only the people of sluice:consoleOperators may send commands`,
      [{ name: of, path: of }],
    );
  if (!isAboutRun(verb)) return { pipeline, verb, run: null };
  const run = asked.form.get('run') ?? asked.query.get('run') ?? '';
  if (!isRunId(run))
    throw new PageProblem('invalid', `run=${run.slice(0, 60)}: a run such as 000005-3fa9c1d2`);
  return { pipeline, verb, run };
}

export const newCommand = screen<Form>({
  async read(asked, ports) {
    const subject = subjectIn(asked, ports);
    const { pipeline, run } = subject;
    // Before what is shown is read: a change in between makes the form stale, never unnoticed.
    const seen = await seenOf(pipeline, run, ports);
    const id = commandIdOf(ports.now(), ports.newId().replaceAll('-', '').slice(0, 12));
    const standing = isWatch(pipeline) ? (await readStanding(pipeline, ports)).standing : null;
    return { ...subject, id, seen, standing, reason: '' };
  },
  title: ({ verb, pipeline, run }, { words }) => `${words.verbs[verb]}: ${pipeline.name} ${run ?? ''}`,
  body: ({ pipeline, verb, run, id, seen, standing }, view) => {
    const { words, asked } = view;
    const line = commandWithReason(
      pipeline.name,
      verb === 'run' ? 'run --force' : [verb, run].filter(Boolean).join(' '),
    );
    return html`${screensOf(pipeline, view)}
      <p>${words.verbEffects[verb]}</p>
      <p>${words.verbLate[verb]}</p>
      ${
        standing === null
          ? ''
          : html`<h2>${words.whatStands}</h2>
              <p>${conditionShown(standing.condition, view)} ${words.sentences[standing.condition]}</p>
              ${facts([
                standing.run === null
                  ? undefined
                  : [words.labels.run, view.link(`/p/${pipeline.name}/runs/${standing.run}`, standing.run)],
                standing.reason === null ? undefined : [words.labels.reason, spoken(standing.reason)],
                standing.since === null
                  ? undefined
                  : [words.labels.since, view.time(standing.since, pipeline)],
              ])}`
      }
      <form method="post" action="${view.path(asked.path)}">
        <input type="hidden" name="id" value="${id}" />
        <input type="hidden" name="seen" value="${seen}" />
        ${run === null ? '' : html`<input type="hidden" name="run" value="${run}" />`}
        <label
          >${words.reasonLabel}
          <textarea name="reason" required maxlength="${LONGEST_REASON}" aria-describedby="hint"></textarea>
        </label>
        <p id="hint">${words.reasonHint} ${words.formExpires}</p>
        <button>${words.send}</button>
      </form>
      <p>${words.inTerminal}</p>
      <pre tabindex="0">${line}</pre>`;
  },
});

const fields = z.object({
  id: z.string().refine(isCommandId),
  seen: z.string().min(1).max(40),
  reason: z.string().trim().min(1).max(LONGEST_REASON),
});

/**
 * Sends what the form says, if what it showed still stands. Returns the path of the command's record.
 *
 *     sent before (a second click, a reload) ▸ its record
 *     older than ten minutes, or something changed ▸ nothing is sent: what was done since, and by whom
 *     otherwise ▸ handle-commands, with the person's own assertion ▸ the record
 */
export async function sendCommand(asked: Asked, ports: Ports): Promise<string> {
  const { pipeline, verb, run } = subjectIn(asked, ports);
  const given = fields.safeParse(Object.fromEntries(asked.form));
  const again = { name: verb, path: `${asked.path}${run === null ? '' : `?run=${run}`}` };
  if (!given.success)
    throw new PageProblem('invalid', `the form needs a reason of 1 to ${LONGEST_REASON} characters`, [again]);
  const { id, seen, reason } = given.data;
  const record = `/p/${pipeline.name}/commands/${id}`;
  if ((await readAuditEntry(ports.audit, pipeline.name, id)) !== undefined) return record;
  const isOld = Math.abs(ports.now() - commandTimeOf(id)) > FORM_MS;
  if (isOld || (await seenOf(pipeline, run, ports)) !== seen)
    throw await staleForm(pipeline, again, isOld, ports);
  const command = commandSchema.parse({
    verb,
    pipeline: pipeline.name,
    ...(run !== null && { run }),
    reason,
    id,
  });
  await ports.send(command, asked.assertion);
  return record;
}

async function staleForm(
  { name }: Pipeline,
  again: { readonly name: string; readonly path: string },
  isOld: boolean,
  ports: Ports,
): Promise<PageProblem> {
  const [last] = await listAudit(ports, name, 1);
  const command =
    last === undefined
      ? 'no command was sent'
      : `the last command is ${last.command.verb} by ${last.by} at ${last.at}: ${last.command.reason}`;
  const why = isOld ? 'the form is more than 10 minutes old' : `${name} has changed since the form was shown`;
  return new PageProblem('stale-form', `${why}; ${command}`, [again, { name, path: `/p/${name}` }]);
}
