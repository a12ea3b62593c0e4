// Commands: what an operator can have the mesh do with a pipeline, and the last ones.
import { commandLine } from '../../../shared/command-line.ts';
import { listAudit, type AuditEntry } from '../../../shared/commands/audit.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { MODEL_VERBS, PIPELINE_VERBS, RUN_VERBS, type Verb } from '../verbs.ts';
import { entriesShown } from './audit.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';

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
  title: ({ pipeline }, view) => `${view.say(SCREENS.commands)}${view.words.colon}${pipeline.name}`,
  pace: () => 'calm',
  body: ({ pipeline, entries }, view) => {
    const { words, asked } = view;
    return html`${screensOf(pipeline, view)}
      ${asked.isOperator ? '' : html`<p class="notice">${words.onlyOperators}</p>`}
      <dl>${commandsOf(pipeline).map((each) => commandShown(each, pipeline, view))}</dl>
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

interface Command {
  readonly verb: Verb;
  /** Null: the form needs a run, which is chosen on the run's page. */
  readonly params: Readonly<Record<string, string>> | null;
  readonly isRollback?: true;
}

/** A pipeline of requests has no source to pause or poll, and publishes each result once. */
function commandsOf({ outputs, trigger }: Pipeline): readonly Command[] {
  if (trigger.kind !== 'watch') return [];
  const kinds = new Set(outputs.map(({ kind }) => kind));
  const isModelsAlone = kinds.has('model') && kinds.size === 1;
  return [
    ...PIPELINE_VERBS.map((verb) => ({ verb, params: {} })),
    ...RUN_VERBS.map((verb) => ({ verb, params: null })),
    { verb: 'plan', params: null },
    ...(isModelsAlone ? [] : [{ verb: 'plan', params: { kind: 'rollback' }, isRollback: true } as const]),
    ...(kinds.has('model') ? MODEL_VERBS.map((verb) => ({ verb, params: {} })) : []),
  ];
}

function commandShown({ verb, params, isRollback }: Command, { name }: Pipeline, view: View): Html {
  const words = view.say(VERB_WORDS);
  const title = isRollback ? words.rollback : words.names[verb];
  return html`<dt>
      ${
        params === null || !view.asked.isOperator
          ? title
          : view.link(`/p/${name}/commands/new/${verb}`, title, params)
      }
    </dt>
    <dd>${words.effects[verb]} ${params === null ? words.chooseRun : words.late[verb]}</dd>`;
}
