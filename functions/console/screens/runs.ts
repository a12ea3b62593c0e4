// Runs: the newest runs of a pipeline, a page at a time, with how each ended and why.
import { commandLine } from '../../../shared/command-line.ts';
import { listRunsOf, readStatus, type RunSummary } from '../../../shared/history/history.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { sequenceOf } from '../../../shared/runs/names.ts';
import { sentence } from '../../../shared/sentence.ts';
import { screensOf } from '../navigation.ts';
import { statusShown, why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { watchIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import { spoken, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';

/** With about ten objects a run, a page is one listing. */
const A_PAGE = 50;

export interface RunRow {
  readonly run: string;
  readonly status: RunSummary['status'];
  readonly code: RunSummary['code'];
  readonly rows: number | null;
  readonly at: string | null;
  readonly reason: string | null;
}

interface Runs {
  readonly pipeline: WatchPipeline;
  readonly runs: readonly RunRow[];
  /** How many runs the page read; a filter shows fewer. */
  readonly read: number;
  readonly status: string | null;
  readonly statuses: readonly string[];
  /** The page behind; null: there is none. */
  readonly before: number | null;
  readonly isFirst: boolean;
  readonly isLive: boolean;
}

export const rowOf = ({ run, status, code, outcome, republished }: RunSummary): RunRow => {
  const { rows = null, at = null } = republished ?? outcome ?? {};
  const reasons = [outcome?.reason, republished?.reason].filter((reason) => reason !== undefined);
  return { run, status, code, rows, at, reason: reasons.map(sentence).join(' ') || null };
};

async function readRuns(asked: Asked, ports: Ports): Promise<Runs> {
  const pipeline = watchIn(asked, ports);
  const before = beforeIn(asked);
  const status = await readStatus(ports.runs, pipeline.name);
  const found = await listRunsOf(ports.runs, pipeline.name, { count: A_PAGE, status, before });
  const rows = found.map(rowOf);
  const wanted = asked.query.get('status') || null;
  const last = found.at(-1);
  const oldest = last === undefined ? 1 : sequenceOf(last.run);
  return {
    pipeline,
    runs: wanted === null ? rows : rows.filter((row) => row.status === wanted),
    read: rows.length,
    status: wanted,
    statuses: [...new Set([...rows.map((row) => row.status), ...(wanted === null ? [] : [wanted])])].sort(),
    before: oldest > 1 ? oldest : null,
    isFirst: before === undefined,
    isLive: status.holder !== undefined || status.queued !== undefined,
  };
}

function beforeIn({ query }: Asked): number | undefined {
  const text = query.get('before');
  if (text === null) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new PageProblem('invalid', `before=${text.slice(0, 50)}: a whole number from 1 on`);
}

export const runs = screen<Runs>({
  read: readRuns,
  title: ({ pipeline }, view) => `${view.say(SCREENS.runs)}: ${pipeline.name}`,
  pace: ({ isFirst, isLive }) => (isFirst && isLive ? 'live' : 'calm'),
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)} ${filter(data, view)}
    ${data.status === null ? '' : html`<p>${view.words.filtered(data.runs.length, data.read)}</p>`}
    ${data.runs.length === 0 ? html`<p>${view.words.noRuns}</p>` : rowsShown(data, view)} ${pager(data, view)}
    ${why({ line: commandLine(data.pipeline.name, 'runs') }, view)}`,
});

function rowsShown({ runs: rows, pipeline }: Runs, view: View): Html {
  const { labels } = view.words;
  return table<RunRow>(
    [
      {
        head: labels.run,
        kind: 'name',
        cell: ({ run }) => view.link(`/p/${pipeline.name}/runs/${run}`, run),
      },
      { head: labels.status, kind: 'name', cell: ({ status }) => statusShown(status) },
      { head: labels.code, kind: 'name', cell: ({ code }) => code ?? '' },
      { head: labels.rows, cell: ({ rows: count }) => (count === null ? '' : view.number(count)) },
      { head: labels.ended, kind: 'name', cell: ({ at }) => (at === null ? '' : view.time(at, pipeline)) },
      { head: labels.reason, kind: 'name', cell: ({ reason }) => (reason === null ? '' : spoken(reason)) },
    ],
    rows,
  );
}

function filter({ status, statuses }: Runs, { words, asked }: View): Html {
  const chosen = asked.query.get('lang');
  return html`<form class="inline" method="get" action="${asked.path}">
    ${chosen === null ? '' : html`<input type="hidden" name="lang" value="${chosen}" />`}
    <label
      >${words.filterStatus}
      <select name="status">
        <option value="">${words.any}</option>
        ${statuses.map((each) =>
          each === status
            ? html`<option value="${each}" selected>${each}</option>`
            : html`<option value="${each}">${each}</option>`,
        )}
      </select></label
    >
    <button>${words.filter}</button>
  </form>`;
}

function pager({ pipeline, before, isFirst, status }: Runs, view: View): Html {
  const of = `/p/${pipeline.name}/runs`;
  const kept = { status: status ?? undefined };
  if (isFirst && before === null) return NOTHING;
  return html`<nav class="pager" aria-label="${view.say(SCREENS.runs)}">
    ${isFirst ? '' : view.link(of, view.words.newest, kept)}
    ${before === null ? '' : view.link(of, view.words.older, { ...kept, before })}
  </nav>`;
}
