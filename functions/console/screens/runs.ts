// Runs: the runs of a pipeline, a page at a time, by status, cause and time, with how each ended and why.
import { commandLine } from '../../../shared/command-line.ts';
import type { RunSummary } from '../../../shared/history/history.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { sentence } from '../../../shared/sentence.ts';
import { choosing, days, select } from '../fields.ts';
import { screensOf } from '../navigation.ts';
import { statusShown, why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { watchIn } from '../reading/pipelines.ts';
import { numberIn, oneOfIn, rangeIn, type Range } from '../reading/range.ts';
import { searchRuns } from '../reading/search-runs.ts';
import type { WantedRuns } from '../reading/seek-run.ts';
import { screen } from '../screen.ts';
import { named, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';
import { SEARCH } from '../words/search.ts';

export interface RunRow {
  readonly run: string;
  readonly status: RunSummary['status'];
  readonly code: RunSummary['code'];
  readonly rows: number | null;
  readonly requestedAt: string | null;
  /** What triggered it, and who; null of a run that was requested before its listing said so. */
  readonly cause: string | null;
  readonly by: string | null;
  readonly at: string | null;
  readonly reason: string | null;
}

interface Runs {
  readonly pipeline: WatchPipeline;
  readonly runs: readonly RunRow[];
  /** How many runs the page read; a filter shows fewer. */
  readonly read: number;
  readonly status: string | null;
  readonly cause: string | null;
  readonly range: Range;
  /** Where the next page begins; null: there is none. */
  readonly before: number | null;
  readonly above: number | null;
  readonly isFiltered: boolean;
  readonly isFirst: boolean;
  readonly isLive: boolean;
  /** The folders that were listed. */
  readonly origin: string;
}

/** How far a run is, or how it ended. */
const STATUSES = [
  ...(['requested', 'queued', 'running', 'published', 'held', 'quarantined', 'failed'] as const),
  ...(['cancelled', 'superseded', 'dead-lettered'] as const),
];
const CAUSES = ['schedule', 'event', 'person'] as const;

export const rowOf = ({ run, status, code, requested, outcome, republished }: RunSummary): RunRow => {
  const { rows = null, at = null } = republished ?? outcome ?? {};
  const reasons = [outcome?.reason, republished?.reason].filter((reason) => reason !== undefined);
  return {
    ...{ run, status, code, rows, at, reason: reasons.map(sentence).join(' ') || null },
    requestedAt: requested?.at ?? null,
    cause: requested?.cause?.kind ?? null,
    by: requested?.cause?.by ?? null,
  };
};

async function readRuns(asked: Asked, ports: Ports): Promise<Runs> {
  const pipeline = watchIn(asked, ports);
  const wanted: WantedRuns = {
    status: oneOfIn(asked, 'status', STATUSES),
    cause: oneOfIn(asked, 'cause', CAUSES),
    range: rangeIn(asked, pipeline),
    before: numberIn(asked, 'before', undefined),
    above: numberIn(asked, 'above', undefined),
  };
  const { runs: found, read, before, above, status } = await searchRuns(ports.runs, pipeline, wanted);
  const { from, to } = wanted.range;
  return {
    pipeline,
    runs: found.map(rowOf),
    ...{ read, before, above, status: wanted.status, cause: wanted.cause, range: wanted.range },
    isFiltered: wanted.status !== null || wanted.cause !== null || from !== null || to !== null,
    isFirst: wanted.before === undefined,
    isLive: status.holder !== undefined || status.queued !== undefined,
    origin: `gs://${ports.runs.bucket}/${pipeline.name}/`,
  };
}

export const runs = screen<Runs>({
  read: readRuns,
  title: ({ pipeline }, view) => `${view.say(SCREENS.runs)}${view.words.colon}${pipeline.name}`,
  pace: ({ isFirst, isLive }) => (isFirst && isLive ? 'live' : 'calm'),
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)} ${filter(data, view)}
      <p>
        ${data.isFiltered ? view.say(SEARCH).found(data.runs.length, data.read) : ''}
        ${view.say(SEARCH).zone(data.pipeline.timeZone ?? 'UTC')}
      </p>
      ${data.runs.length === 0 ? html`<p>${noneShown(data, view)}</p>` : rowsShown(data, view)}
      ${pager(data, view)}
      ${why({ objects: [data.origin], line: commandLine(data.pipeline.name, 'runs') }, view)}`,
});

/** What started a run, in the reader's language; a cause of another version as it is recorded. */
export function causeText(cause: string, view: View): string {
  const kind = CAUSES.find((each) => each === cause);
  return kind === undefined ? cause : view.say(SEARCH).causes[kind];
}

/** A schedule has one identity for all runs; of a person it says who. */
const causeShown = ({ cause, by }: RunRow, view: View): string | Html => {
  const text = causeText(cause ?? '', view);
  return cause === 'person' && by !== null ? html`${text}${view.words.colon}${named(by)}` : text;
};

function noneShown({ before, isFiltered }: Runs, view: View): string {
  if (!isFiltered) return view.words.noRuns;
  return before === null ? view.say(SEARCH).nothing : view.say(SEARCH).notYet;
}

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
      {
        head: view.say(SEARCH).requested,
        kind: 'name',
        cell: ({ requestedAt }) => (requestedAt === null ? '' : view.time(requestedAt, pipeline)),
      },
      { head: view.say(SEARCH).cause, kind: 'name', cell: (row) => causeShown(row, view) },
      { head: labels.rows, cell: ({ rows: count }) => (count === null ? '' : view.number(count)) },
      { head: labels.ended, kind: 'name', cell: ({ at }) => (at === null ? '' : view.time(at, pipeline)) },
      {
        head: labels.reason,
        kind: 'name',
        cell: ({ reason }) => (reason === null ? '' : view.meshText(reason)),
      },
    ],
    rows,
  );
}

function filter({ status, cause, range }: Runs, view: View): Html {
  const { words } = view;
  const texts = view.say(SEARCH);
  const statuses = STATUSES.map((each) => ({ value: each, text: each }));
  const causes = CAUSES.map((each) => ({ value: each, text: texts.causes[each] }));
  return choosing(
    html`${select('status', words.filterStatus, statuses, status, words.any)}
    ${select('cause', texts.cause, causes, cause, words.any)} ${days(range, view)}`,
    words.filter,
    view,
  );
}

function pager(
  { pipeline, before, above, isFirst, isFiltered, status, cause, range }: Runs,
  view: View,
): Html {
  const of = `/p/${pipeline.name}/runs`;
  const kept = {
    ...{ status: status ?? undefined, cause: cause ?? undefined },
    ...{ from: range.from ?? undefined, to: range.to ?? undefined },
  };
  const further = isFiltered ? view.say(SEARCH).further : view.words.older;
  return html`<nav class="pager" aria-label="${view.say(SCREENS.runs)}">
    ${isFirst ? '' : view.link(of, view.words.newest, kept)}
    ${before === null ? '' : view.link(of, further, { ...kept, before, above: above ?? undefined })}
    ${isFiltered ? view.link(of, view.say(SEARCH).clear) : ''}
  </nav>`;
}
