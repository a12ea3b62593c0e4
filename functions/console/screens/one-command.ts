// The record of a command: who sent it and why, what it did, and what it was about; one without a result can be sent again.
import { commandLine } from '../../../shared/command-line.ts';
import { OF_DEAD_LETTERS, readAuditEntry, type AuditEntry } from '../../../shared/commands/audit.ts';
import { commandTimeOf, isCommandId, type OperatorCommand } from '../../../shared/commands/command.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { requireOperator } from '../forms/form.ts';
import { passOn } from '../forms/send.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';
import { PLAN_WORDS } from '../words/plan.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';

/** handle-commands refuses a command through the console after fifteen minutes. */
const SENT_AGAIN_MS = 14 * 60_000;

interface OneCommand {
  /** Null: a command on dead letters. */
  readonly pipeline: Pipeline | null;
  readonly entry: AuditEntry;
  readonly object: string;
  /** Whether this person can send it again, to finish it. */
  readonly isOpen: boolean;
}

/** The page that shows the record of a command. */
export const recordPath = (command: OperatorCommand): string =>
  'deadLetters' in command
    ? `/dead-letters/commands/${command.id}`
    : `/p/${command.pipeline}/commands/${command.id}`;

async function readOne(asked: Asked, ports: Ports): Promise<OneCommand> {
  const pipeline = 'pipeline' in asked.params ? pipelineIn(asked, ports) : null;
  const folder = pipeline?.name ?? OF_DEAD_LETTERS;
  const id = asked.params['id'] ?? '';
  const entry = isCommandId(id) ? await readAuditEntry(ports.audit, folder, id) : undefined;
  if (entry === undefined)
    throw new PageProblem('not-found', `command ${id} of ${pipeline?.name ?? 'dead letters'}`, [
      pipeline === null
        ? { name: '/dead-letters', path: '/dead-letters' }
        : { name: `the commands of ${pipeline.name}`, path: `/p/${pipeline.name}/commands` },
    ]);
  const isYoung = Math.abs(ports.now() - commandTimeOf(id)) < SENT_AGAIN_MS;
  return {
    pipeline,
    entry,
    object: `gs://${ports.audit.bucket}/${folder}/${id}.json`,
    isOpen: entry.ended === undefined && entry.by === asked.person.email && asked.isOperator && isYoung,
  };
}

export const oneCommand = screen<OneCommand>({
  read: readOne,
  title: ({ entry }, { words }) => `${words.labels.command}${words.colon}${entry.command.verb}`,
  pace: ({ entry }) => (entry.ended === undefined ? 'live' : 'calm'),
  body: (data, view) => {
    const { labels, notFinished } = view.words;
    const { pipeline, entry, object } = data;
    const { command, by, at, through, ended } = entry;
    const time = (iso: string) => (pipeline === null ? view.utc(iso) : view.time(iso, pipeline));
    return html`${pipeline === null ? '' : screensOf(pipeline, view)}
    ${facts([
      [labels.command, html`${command.verb} <code>${command.id}</code>`],
      ...subjectShown(entry, view),
      [labels.by, spoken(by)],
      through === undefined ? undefined : [labels.through, through],
      [labels.at, time(at)],
      [labels.reason, spoken(command.reason)],
      [labels.result, ended === undefined ? notFinished : view.meshText(`${ended.result}: ${ended.message}`)],
      ended === undefined ? undefined : [labels.ended, time(ended.at)],
    ])}
    ${unfinished(data, view)} ${planAgain(entry, view)}
    ${why({ objects: [object], ...(pipeline && { line: commandLine(pipeline.name, 'audit') }) }, view)}`;
  },
});

type Fact = readonly [string, string | Html];

/** What the command was about, with links to what it did. */
function subjectShown({ command, ended }: AuditEntry, view: View): readonly (Fact | undefined)[] {
  const { labels } = view.words;
  if ('deadLetters' in command)
    return [
      [
        view.say(SCREENS.deadLetters),
        html`${view.link('/dead-letters', command.subscription)} ${command.deadLetters.join(', ')}`,
      ],
    ];
  const of = `/p/${command.pipeline}/runs`;
  const run = ended?.run ?? ('run' in command ? command.run : undefined);
  const plan = planOf(command, ended?.plan);
  return [
    run === undefined ? undefined : [labels.run, view.link(`${of}/${run}`, run)],
    plan === undefined
      ? undefined
      : [view.say(PLAN_WORDS).hash, view.link(`${of}/${run}/plans/${plan}`, plan)],
    command.verb === 'rollback'
      ? [labels.changed, html`${command.model}: ${command.replaces} → ${command.to}`]
      : undefined,
  ];
}

const planOf = (command: OperatorCommand, made: string | undefined): string | undefined =>
  command.verb === 'replay' ? command.apply : made;

function unfinished({ entry, isOpen }: OneCommand, view: View): Html {
  if (entry.ended !== undefined) return NOTHING;
  const words = view.say(VERB_WORDS);
  return html`<p class="notice">${words.unfinished}</p>
    ${
      isOpen
        ? html`<form method="post" action="${view.path(view.asked.path)}">
            <button>${words.sendAgain}</button>
          </form>`
        : ''
    }`;
}

/** A replay that was refused, because something had moved or because it could not be planned. */
function planAgain({ command, ended }: AuditEntry, view: View): Html {
  if (ended?.result !== 'refused' || !view.asked.isOperator) return NOTHING;
  if (command.verb !== 'replay' && command.verb !== 'plan') return NOTHING;
  const kind = command.verb === 'plan' && command.kind === 'rollback' ? command.kind : undefined;
  return html`<p>
    ${view.link(`/p/${command.pipeline}/commands/new/plan`, view.say(VERB_WORDS).planAgain, { run: command.run, kind })}
  </p>`;
}

/** The same command again: it finishes what was interrupted, or returns its result. */
export async function sendAgain(asked: Asked, ports: Ports): Promise<string> {
  const { entry, isOpen } = await readOne(asked, ports);
  const { command, by } = entry;
  const record = recordPath(command);
  requireOperator(asked, { name: record, path: record });
  if (entry.ended !== undefined) return record;
  if (!isOpen)
    throw new PageProblem(
      'stale-form',
      `only ${by} can finish the command, within 15 minutes; after that in a terminal, with --command ${command.id}`,
      [{ name: record, path: record }],
    );
  const isOnDeadLetters = 'deadLetters' in command;
  await passOn(command, isOnDeadLetters ? OF_DEAD_LETTERS : command.pipeline, asked, ports).finally(() => {
    if (isOnDeadLetters) ports.deadLetters.forget();
  });
  return record;
}
