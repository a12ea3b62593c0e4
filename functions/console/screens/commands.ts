// Commands: what an operator can have the mesh do with a pipeline, and the last ones; and the record of one command.
import { commandLine } from '../../../shared/command-line.ts';
import { listAudit, readAuditEntry, type AuditEntry } from '../../../shared/commands/audit.ts';
import { isCommandId } from '../../../shared/commands/command.ts';
import { html } from '../../../shared/page/html.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import { facts, spoken } from '../view.ts';
import { PIPELINE_VERBS, RUN_VERBS } from '../verbs.ts';
import { entriesShown } from './audit.ts';
import { SCREENS } from '../words/screens.ts';

const LAST = 10;

interface Commands {
  readonly pipeline: Pipeline;
  readonly entries: readonly AuditEntry[];
}

export const commands = screen<Commands>({
  async read(asked, ports) {
    const pipeline = pipelineIn(asked, ports);
    return { pipeline, entries: await listAudit(ports, pipeline.name, LAST) };
  },
  title: ({ pipeline }, view) => `${view.say(SCREENS.commands)}: ${pipeline.name}`,
  pace: () => 'calm',
  body: ({ pipeline, entries }, view) => {
    const { words, asked } = view;
    // A pipeline of requests has no source to pause or poll.
    const verbs = isWatch(pipeline) ? PIPELINE_VERBS : [];
    const runVerbs = isWatch(pipeline) ? RUN_VERBS : [];
    return html`${screensOf(pipeline, view)}
      ${asked.isOperator ? '' : html`<p class="notice">${words.onlyOperators}</p>`}
      <dl>
        ${verbs.map(
          (verb) =>
            html`<dt>
                ${asked.isOperator ? view.link(`/p/${pipeline.name}/commands/new/${verb}`, words.verbs[verb]) : words.verbs[verb]}
              </dt>
              <dd>${words.verbEffects[verb]} ${words.verbLate[verb]}</dd>`,
        )}
        ${runVerbs.map(
          (verb) =>
            html`<dt>${words.verbs[verb]}</dt>
              <dd>${words.verbEffects[verb]} ${words.chooseRun}</dd>`,
        )}
      </dl>
      ${
        isWatch(pipeline)
          ? ''
          : html`<p>${words.inTerminal}</p>
              <pre tabindex="0">${commandLine(pipeline.name, 'runs')}</pre>`
      }
      <h2>${view.say(SCREENS.audit)}</h2>
      ${entries.length === 0 ? html`<p>${words.noCommand}</p>` : entriesShown(entries, pipeline, view)}
      ${why({ line: commandLine(pipeline.name, 'audit') }, view)}`;
  },
});

interface OneCommand {
  readonly pipeline: Pipeline;
  readonly entry: AuditEntry;
  readonly bucket: string;
}

export const oneCommand = screen<OneCommand>({
  async read(asked, ports) {
    const pipeline = pipelineIn(asked, ports);
    const id = asked.params['id'] ?? '';
    const entry = isCommandId(id) ? await readAuditEntry(ports.audit, pipeline.name, id) : undefined;
    if (entry === undefined)
      throw new PageProblem('not-found', `command ${id} of ${pipeline.name}`, [
        { name: `the commands of ${pipeline.name}`, path: `/p/${pipeline.name}/commands` },
      ]);
    return { pipeline, entry, bucket: ports.audit.bucket };
  },
  title: ({ entry }, { words }) => `${words.labels.command}: ${entry.command.verb}`,
  pace: ({ entry }) => (entry.ended === undefined ? 'live' : 'calm'),
  body: ({ pipeline, entry, bucket }, view) => {
    const { labels, notFinished } = view.words;
    const { command, by, at, through, ended } = entry;
    const run = ended?.run ?? ('run' in command ? command.run : undefined);
    return html`${screensOf(pipeline, view)}
    ${facts([
      [labels.command, html`${command.verb} <code>${command.id}</code>`],
      run === undefined ? undefined : [labels.run, view.link(`/p/${pipeline.name}/runs/${run}`, run)],
      [labels.by, spoken(by)],
      through === undefined ? undefined : [labels.through, through],
      [labels.at, view.time(at, pipeline)],
      [labels.reason, spoken(command.reason)],
      [labels.result, ended === undefined ? notFinished : spoken(`${ended.result}: ${ended.message}`)],
      ended === undefined ? undefined : [labels.ended, view.time(ended.at, pipeline)],
    ])}
    ${why(
      {
        objects: [`gs://${bucket}/${pipeline.name}/${command.id}.json`],
        line: commandLine(pipeline.name, 'audit'),
      },
      view,
    )}`;
  },
});
