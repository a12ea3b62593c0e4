// A plan: what publishing a stored output again would change, and the form that publishes exactly that by the plan's hash.
import { commandWithReason } from '../../../shared/command-line.ts';
import { listAudit } from '../../../shared/commands/audit.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { sequenceOf } from '../../../shared/runs/names.ts';
import type { PlannedOutput } from '../../../shared/warehouse/plan.ts';
import { effectShown, formShown, newIdOf, requireOperator } from '../forms/form.ts';
import { lastCommand, sendForm } from '../forms/send.ts';
import { screensOf } from '../navigation.ts';
import { pageIn, paged, pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { askedBy, readPlan, type PlanRead } from '../reading/plan.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';
import { PLAN_WORDS } from '../words/plan.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';
import { recordPath } from './one-command.ts';
import { tableChangesShown } from './plan-changes.ts';

const A_PAGE = 50;

interface Plan extends PlanRead {
  readonly id: string;
  readonly asked: { readonly by: string; readonly at: string; readonly reason: string } | null;
  /** Of the objects that would be published: a plan of many files has thousands. */
  readonly page: number;
  readonly pages: number;
}

async function readOne(asked: Asked, ports: Ports): Promise<Plan> {
  const read = await readPlan(asked, ports);
  const by = await askedBy(read, ports);
  const { items, page, pages } = paged(read.plan.outputs, pageIn(asked), A_PAGE);
  return {
    ...read,
    plan: { ...read.plan, outputs: [...items] },
    id: newIdOf(ports),
    asked: by === undefined ? null : { by: by.by, at: by.at, reason: by.command.reason },
    ...{ page, pages },
  };
}

export const plan = screen<Plan>({
  read: readOne,
  title: ({ plan: { kind, run } }, view) => `${view.say(PLAN_WORDS).title(kind)} ${run}`,
  body: (data, view) => {
    const { pipeline, plan: shown, object } = data;
    const line = lineOf(data);
    return html`${screensOf(pipeline, view)} ${summary(data, view)} ${form(data, view)}
    ${shown.tables.map((each) => tableChangesShown(each, view))} ${objectsShown(data, view)}
    ${why({ objects: [object], line }, view)}`;
  },
});

const lineOf = ({ pipeline: { name }, plan: { kind, run, hash } }: Plan): string =>
  commandWithReason(
    name,
    kind === 'rollback' ? `rollback ${name} --apply ${hash}` : `replay ${run} --apply ${hash}`,
  );

function summary({ pipeline, plan: shown, asked }: Plan, view: View): Html {
  const { words } = view;
  const say = view.say(PLAN_WORDS);
  const of = `/p/${pipeline.name}`;
  const { expectedLatest: latest, run, bytes } = shown;
  const isOlder = latest !== null && sequenceOf(latest.run) > sequenceOf(run);
  const rows = facts([
    [say.hash, html`<code>${shown.hash}</code>`],
    [words.labels.run, view.link(`${of}/runs/${run}`, run)],
    [
      say.comparedWith,
      latest === null ? say.nothing : view.link(of, latest.publication, { at: latest.publication }),
    ],
    asked === null
      ? undefined
      : [say.plannedBy, html`${spoken(`${asked.by}: ${asked.reason}`)}, ${view.time(asked.at, pipeline)}`],
    ...shown.files.map(({ output, added, removed, changed }): [string, string] => [
      `${say.files}${words.colon}${output}`,
      `+${view.number(added)} −${view.number(removed)} ~${view.number(changed)}`,
    ]),
    bytes === null ? undefined : [say.scanned, view.number(bytes)],
  ]);
  return html`${rows} ${isOlder ? html`<p class="notice">${say.isNewer}</p>` : ''}`;
}

function form(data: Plan, view: View): Html {
  const { pipeline, plan: shown, published, isOutdated, id, seen, asked } = data;
  const say = view.say(PLAN_WORDS);
  const again = { run: shown.run, kind: shown.kind === 'rollback' ? shown.kind : undefined };
  if (isOutdated)
    return html`<p class="notice">
        ${say.outdated(
          shown.expectedLatest?.publication ?? say.nothing,
          published?.id ?? say.nothing,
          typeof published?.by === 'string' ? ` (${published.by})` : '',
        )}
      </p>
      ${
        view.asked.isOperator
          ? html`<p>
              ${view.link(`/p/${pipeline.name}/commands/new/plan`, view.say(VERB_WORDS).planAgain, again)}
            </p>`
          : ''
      }`;
  if (!view.asked.isOperator) return html`<p class="notice">${view.words.onlyOperators}</p>`;
  return html`<h2>${say.apply}</h2>
    ${effectShown('replay', view)}
    ${formShown({ verb: 'replay', id, seen, fields: [], ...(asked && { reason: asked.reason }) }, view)}`;
}

function objectsShown({ plan: { outputs }, page, pages, pipeline, plan: shown }: Plan, view: View): Html {
  const { labels } = view.words;
  const title = view.say(PLAN_WORDS).publishes;
  const of = `/p/${pipeline.name}/runs/${shown.run}/plans/${shown.hash}`;
  if (outputs.length === 0 && page === 1) return NOTHING;
  return html`<h2>${title}</h2>
    ${table<PlannedOutput>(
      [
        { head: labels.object, kind: 'name', cell: ({ object }) => html`<code>${object}</code>` },
        { head: labels.generation, kind: 'name', cell: ({ generation }) => html`<code>${generation}</code>` },
        { head: labels.checksum, kind: 'name', cell: ({ crc32c }) => html`<code>crc32c ${crc32c}</code>` },
      ],
      outputs,
    )}
    ${pagesShown({ page, pages }, { label: title, to: of }, view)}`;
}

/** Applies the plan, if the publication that it was compared with is still the newest; publish-output compares everything again. */
export async function applyPlan(asked: Asked, ports: Ports): Promise<string> {
  const { name } = pipelineIn(asked, ports);
  requireOperator(asked, { name, path: `/p/${name}/commands` });
  const read = await readPlan(asked, ports);
  const { pipeline, plan: shown, isOutdated } = read;
  const words = VERB_WORDS[asked.language];
  const again = isOutdated
    ? `/p/${pipeline.name}/commands/new/plan?run=${shown.run}${shown.kind === 'rollback' ? '&kind=rollback' : ''}`
    : asked.path;
  const entry = await sendForm(asked, ports, {
    folder: pipeline.name,
    records: { name: SCREENS.commands[asked.language], path: `/p/${pipeline.name}/commands` },
    again: { name: isOutdated ? words.planAgain : words.openAgain, path: again },
    subject: () =>
      Promise.resolve({
        seen: read.seen,
        draft: { verb: 'replay', pipeline: pipeline.name, run: shown.run, apply: shown.hash },
      }),
    since: async () => {
      const last = lastCommand((await listAudit(ports, pipeline.name, 1))[0]);
      return isOutdated
        ? `the newest publication was ${shown.expectedLatest?.publication ?? 'nothing'} and now is ${read.published?.id ?? 'nothing'}; ${last}`
        : last;
    },
  });
  return recordPath(entry.command);
}
