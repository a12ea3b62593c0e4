// Run: how one run went and why, its attempts, every problem of its input, its objects in time, and what to do next.
import { commandLine } from '../../../shared/command-line.ts';
import type { RecordedAttempt } from '../../../shared/history/history.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { durationText } from '../../../shared/page/times.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { ChangeCounts } from '../../../shared/runs/outcome.ts';
import { nextSteps, stepsOfRun } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { statusShown, why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { readTimeline, runIn, type Refusal } from '../reading/run.ts';
import type { TimedStep } from '../reading/timeline.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';
import { filesOf, filesShown, problemsShown, type InputFile } from './input.ts';
import { rowOf, type RunRow } from './runs.ts';

interface Run extends RunRow {
  readonly pipeline: WatchPipeline;
  readonly cause: { readonly kind: string; readonly by: string; readonly reason: string | null };
  readonly requestedAt: string;
  readonly frozenAt: string | null;
  readonly decision: {
    readonly kind: string;
    readonly by: string | null;
    readonly reason: string | null;
    readonly at: string | null;
  } | null;
  readonly attempts: readonly RecordedAttempt[];
  readonly changes: readonly ChangeCounts[];
  readonly notes: readonly string[];
  readonly files: readonly InputFile[];
  readonly refusal: Refusal | null;
  readonly timeline: readonly TimedStep[];
  readonly replays: readonly {
    readonly nonce: string;
    readonly status: string;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly bucket: string;
  readonly logUrl: string | null;
}

async function readOne(asked: Asked, ports: Ports): Promise<Run> {
  const read = await runIn(asked, ports);
  const { pipeline, history, refusal } = read;
  const { request, input, attempts, decision, outcome, replays } = history;
  const execution = attempts.at(-1)?.execution?.split('/').at(-1);
  return {
    pipeline,
    ...rowOf(history),
    cause: request.cause,
    requestedAt: request.requestedAt,
    frozenAt: input?.frozenAt ?? null,
    decision:
      decision === undefined
        ? null
        : {
            kind: decision.kind,
            by: 'by' in decision ? decision.by : null,
            reason: 'reason' in decision ? decision.reason : null,
            at: 'at' in decision ? decision.at : null,
          },
    attempts,
    changes: outcome?.changes ?? [],
    notes: request.notes ?? [],
    files: filesOf(history),
    refusal,
    timeline: await readTimeline(read, ports),
    replays: replays.map(({ nonce, outcome: end }) => ({
      nonce,
      status: end.outcome,
      at: end.at,
      reason: end.reason,
    })),
    bucket: ports.runs.bucket,
    logUrl: execution === undefined ? null : logUrl(ports.project, execution),
  };
}

const logUrl = (project: string, execution: string): string =>
  `https://console.cloud.google.com/logs/query;query=${encodeURIComponent(
    `labels."run.googleapis.com/execution_name"="${execution}"`,
  )}?project=${encodeURIComponent(project)}`;

export const run = screen<Run>({
  read: readOne,
  title: ({ run: id, pipeline }, { words }) => `${words.labels.run} ${id}: ${pipeline.name}`,
  pace: ({ status }) => (['running', 'requested', 'queued'].includes(status) ? 'live' : 'calm'),
  body: (data, view) => {
    const { pipeline, run: id, status, code } = data;
    const of = `/p/${pipeline.name}/runs/${id}`;
    return html`${screensOf(pipeline, view)} ${summary(data, view)}
      ${nextSteps(stepsOfRun(pipeline.name, id, status, code), pipeline.name, view)}
      ${problemsShown(data.refusal, view)} ${attemptsShown(data, view)} ${timelineShown(data, view)}
      <h2>${view.link(`${of}/sources`, view.words.labels.files)}</h2>
      ${filesShown(data.files, view)} ${replaysShown(data, view)}
      ${why({ objects: [`gs://${data.bucket}/${pipeline.name}/${id}/`], line: commandLine(pipeline.name, `run ${id}`) }, view)}`;
  },
});

function summary(data: Run, view: View): Html {
  const { labels, none } = view.words;
  const { pipeline, cause, decision } = data;
  return facts([
    [labels.status, html`${statusShown(data.status)} ${data.code ?? ''}`],
    data.reason === null ? undefined : [labels.reason, spoken(data.reason)],
    data.rows === null ? undefined : [labels.rows, view.number(data.rows)],
    [labels.trigger, spoken(`${cause.kind}, ${cause.by}${cause.reason === null ? '' : `: ${cause.reason}`}`)],
    [labels.requested, view.time(data.requestedAt, pipeline)],
    [labels.frozen, view.time(data.frozenAt, pipeline)],
    [labels.ended, data.at === null ? none : view.time(data.at, pipeline)],
    decision === null
      ? undefined
      : [labels.decision, spoken([decision.kind, decision.by, decision.reason].filter(Boolean).join(', '))],
    ...data.changes.map(({ table: name, added, removed, changed }): [string, string] => [
      `${labels.changedRows}, ${name}`,
      `+${view.number(added)} −${view.number(removed)} ~${view.number(changed)}`,
    ]),
    data.notes.length === 0 ? undefined : [labels.notes, spoken(data.notes.join('. '))],
  ]);
}

function attemptsShown({ attempts, pipeline, logUrl: url, run: id }: Run, view: View): Html {
  const { labels } = view.words;
  if (attempts.length === 0) return NOTHING;
  return html`<h2>${labels.attempts}</h2>
    ${table<RecordedAttempt>(
      [
        { head: labels.attempt, cell: ({ attempt }) => String(attempt) },
        { head: labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.execution, kind: 'name', cell: ({ execution }) => execution?.split('/').at(-1) ?? '' },
        {
          head: labels.because,
          kind: 'name',
          cell: ({ because }) => (because === undefined ? '' : spoken(because)),
        },
      ],
      attempts,
    )}
    ${
      url === null
        ? ''
        : html`<p><a href="${url}" rel="noreferrer">Cloud Logging</a></p>
            <pre tabindex="0">${commandLine(pipeline.name, `log ${id}`)}</pre>`
    }`;
}

/** A table that a screen reader reads, whose bars need no colour: each row also has its time. */
function timelineShown({ timeline, pipeline }: Run, view: View): Html {
  const { labels, steps, timeline: title, timelineNote } = view.words;
  return html`<h2>${title}</h2>
    <p>${timelineNote}</p>
    ${table<TimedStep>(
      [
        { head: labels.step, kind: 'name', cell: ({ kind }) => steps[kind] },
        { head: labels.written, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.duration, cell: ({ tookMs }) => durationText(tookMs) },
        { head: labels.share, kind: 'name', cell: bar },
        { head: labels.object, kind: 'name', cell: ({ object }) => html`<code>${object}</code>` },
        { head: labels.generation, kind: 'name', cell: ({ generation }) => html`<code>${generation}</code>` },
      ],
      timeline,
    )}`;
}

const WIDTH = 200;
const bar = ({ from, to }: TimedStep): Html => {
  const x = Math.round(from * WIDTH);
  const width = Math.max(2, Math.round((to - from) * WIDTH));
  return html`<svg class="bars" viewBox="0 0 ${WIDTH + 2} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect x="${x}" y="1" width="${width}" height="8" />
  </svg>`;
};

function replaysShown({ replays, pipeline }: Run, view: View): Html {
  const { labels } = view.words;
  if (replays.length === 0) return NOTHING;
  return html`<h2>${labels.replays}</h2>
    ${table<Run['replays'][number]>(
      [
        { head: labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.status, kind: 'name', cell: ({ status }) => statusShown(status) },
        { head: labels.reason, kind: 'name', cell: ({ reason }) => spoken(reason) },
      ],
      replays,
    )}`;
}
