// Run: how one run went and why, its attempts, every problem of its input, its objects in time, and what to do next.
import { commandLine } from '../../../shared/command-line.ts';
import type { RecordedAttempt } from '../../../shared/history/history.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { ChangeCounts } from '../../../shared/runs/outcome.ts';
import { readState } from '../../../shared/runs/state.ts';
import { nextSteps, stepsOfRun, stepsWhilePaused } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { pauseShown, statusShown, why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { readTimeline, runIn, type Refusal } from '../reading/run.ts';
import type { Standing } from '../reading/standing.ts';
import type { TimedStep } from '../reading/timeline.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';
import { LOG } from '../words/log.ts';
import { filesOf, filesShown, problemsShown, type InputFile } from './input.ts';
import { causeText, rowOf, type RunRow } from './runs.ts';
import { timelineShown } from './timeline.ts';

interface Run extends Omit<RunRow, 'cause' | 'by'> {
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
  /** By whom and why no new run starts, so that this one is not made again. */
  readonly paused: Standing['paused'];
  readonly bucket: string;
}

async function readOne(asked: Asked, ports: Ports): Promise<Run> {
  const read = await runIn(asked, ports);
  const { pipeline, history, refusal } = read;
  const { request, input, attempts, decision, outcome, replays } = history;
  const paused = (await readState(ports.runs, pipeline.name))?.value.paused ?? null;
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
    paused: paused && { by: paused.by, reason: paused.reason, at: paused.at },
    bucket: ports.runs.bucket,
  };
}

export const run = screen<Run>({
  read: readOne,
  title: ({ run: id, pipeline }, { words }) => `${words.labels.run} ${id}${words.colon}${pipeline.name}`,
  pace: ({ status }) => (['running', 'requested', 'queued'].includes(status) ? 'live' : 'calm'),
  body: (data, view) => {
    const { pipeline, run: id, status, code } = data;
    const of = `/p/${pipeline.name}/runs/${id}`;
    const own = stepsOfRun(pipeline.name, id, status, code);
    const steps = data.paused === null ? own : stepsWhilePaused(own, pipeline.name);
    return html`${screensOf(pipeline, view)} ${summary(data, view)}
      <p class="sub">
        ${view.link(`${of}/log`, view.say(LOG).title)} ${view.link(`${of}/trace`, view.say(LOG).traceTitle)}
      </p>
      ${steps === own ? NOTHING : pauseShown({ condition: null, paused: data.paused }, pipeline, view)}
      ${nextSteps(steps, pipeline.name, view)} ${problemsShown(data.refusal, view)}
      ${attemptsShown(data, view)} ${timelineShown(data.timeline, pipeline, view)}
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
    data.reason === null ? undefined : [labels.reason, view.meshText(data.reason)],
    data.rows === null ? undefined : [labels.rows, view.number(data.rows)],
    [
      labels.trigger,
      html`${causeText(cause.kind, view)}, ${spoken([cause.by, cause.reason].filter(Boolean).join(': '))}`,
    ],
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
    data.notes.length === 0 ? undefined : [labels.notes, view.meshText(data.notes.join('. '))],
  ]);
}

function attemptsShown({ attempts, pipeline, run: id }: Run, view: View): Html {
  const { labels } = view.words;
  if (attempts.length === 0) return NOTHING;
  return html`<h2>${labels.attempts}</h2>
    ${table<RecordedAttempt>(
      [
        { head: labels.attempt, cell: ({ attempt }) => String(attempt) },
        { head: labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        {
          head: labels.execution,
          kind: 'name',
          cell: ({ attempt, execution }) =>
            execution === undefined
              ? ''
              : html`${execution.split('/').at(-1) ?? ''}
                ${view.link(`/p/${pipeline.name}/runs/${id}/log`, view.say(LOG).title, { attempt })}`,
        },
        {
          head: labels.because,
          kind: 'name',
          cell: ({ because }) => (because === undefined ? '' : view.meshText(because)),
        },
      ],
      attempts,
    )}`;
}

function replaysShown({ replays, pipeline }: Run, view: View): Html {
  const { labels } = view.words;
  if (replays.length === 0) return NOTHING;
  return html`<h2>${labels.replays}</h2>
    ${table<Run['replays'][number]>(
      [
        { head: labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.status, kind: 'name', cell: ({ status }) => statusShown(status) },
        { head: labels.reason, kind: 'name', cell: ({ reason }) => view.meshText(reason) },
      ],
      replays,
    )}`;
}
