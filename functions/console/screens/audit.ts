// Audit: each command with its author, time and reason, through what it came, and its result.
import { commandLine } from '../../../shared/command-line.ts';
import { listAudit, type AuditEntry } from '../../../shared/commands/audit.ts';
import type { OperatorCommand } from '../../../shared/commands/command.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import { spoken, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';
import { recordPath } from './one-command.ts';

const A_PAGE = 50;

interface Audit {
  readonly pipeline: Pipeline;
  readonly entries: readonly AuditEntry[];
}

export const audit = screen<Audit>({
  async read(asked: Asked, ports: Ports) {
    const pipeline = pipelineIn(asked, ports);
    return { pipeline, entries: await listAudit(ports, pipeline.name, A_PAGE) };
  },
  title: ({ pipeline }, view) => `${view.say(SCREENS.audit)}: ${pipeline.name}`,
  pace: () => 'calm',
  body: ({ pipeline, entries }, view) =>
    html`${screensOf(pipeline, view)}
    ${entries.length === 0 ? html`<p>${view.words.noCommand}</p>` : entriesShown(entries, pipeline, view)}
    ${why({ line: commandLine(pipeline.name, 'audit') }, view)}`,
});

/** `pipeline`: for its zone; undefined for commands on dead letters, which belong to no pipeline. */
export function entriesShown(
  entries: readonly AuditEntry[],
  pipeline: Pipeline | undefined,
  view: View,
): Html {
  const { labels, notFinished, forDeadLetters } = view.words;
  return table<AuditEntry>(
    [
      {
        head: labels.at,
        kind: 'name',
        cell: ({ at }) => (pipeline === undefined ? view.utc(at) : view.time(at, pipeline)),
      },
      { head: labels.by, kind: 'name', cell: ({ by }) => spoken(by) },
      { head: labels.through, kind: 'name', cell: ({ through }) => through ?? '' },
      {
        head: labels.command,
        kind: 'name',
        cell: ({ command }) => linked(command, view, forDeadLetters),
      },
      { head: labels.reason, kind: 'name', cell: ({ command }) => spoken(command.reason) },
      {
        head: labels.result,
        kind: 'name',
        cell: ({ ended }) =>
          ended === undefined ? notFinished : spoken(`${ended.result}: ${ended.message}`),
      },
    ],
    entries,
  );
}

const linked = (given: OperatorCommand, view: View, ofDeadLetters: string): Html =>
  'deadLetters' in given
    ? html`${view.link(recordPath(given), given.verb)}, ${ofDeadLetters}: ${given.subscription}`
    : html`${view.link(recordPath(given), given.verb)} ${'run' in given ? given.run : ''}`;
