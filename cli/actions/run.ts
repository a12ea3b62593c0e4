// One run in full: its trigger, each attempt, every problem of a refusal, what was decided, and what to type next.
import { counted } from '../../shared/counted.ts';
import { readRun, type RunHistory } from '../../shared/history/history.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import type { InputProblem } from '../../shared/outputs/manifest.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import { problemRow, problemsTitle, refusalIn } from './problems.ts';
import { plainMessage } from '../messages.ts';
import { localTime, timeWithZone, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { outputFacts, outputsOf, type RunOutputs } from './run-outputs.ts';
import { checkedRunId, runsOf, toListRuns } from './stores.ts';

export async function showRun(sluice: Sluice, target: Target, pipeline: Pipeline, id: string): Promise<void> {
  if (isRequests(pipeline))
    return (await import('./requested/run.ts')).showRequestedRun(sluice, target, pipeline, id);
  const history = await knownRun(target, pipeline, id);
  const refusal = await refusalIn(target, pipeline, id, history.outcome);
  const problems = refusal?.problems ?? [];
  const published =
    history.status === 'published' ? await outputsOf(target, pipeline, history.run) : undefined;
  const data = dataOf(history, problems, published);
  sluice.show(data, factsOf(sluice, data, pipeline));
  if (problems.length > 0)
    sluice.detail(problemsTitle(problems.length, refusal?.problemCount ?? 0), problems.map(problemRow));
  for (const hint of nextSteps(sluice, data)) sluice.hint(hint);
}

export async function knownRun(target: Target, pipeline: Pipeline, id: string): Promise<RunHistory> {
  const found = await readRun(runsOf(target), pipeline.name, checkedRunId(id));
  if (found !== undefined) return found;
  throw new ConfigurationError(`There is no run ${id} of ${pipeline.name}. ${toListRuns(pipeline)}`);
}

const dataOf = (
  history: RunHistory,
  problems: readonly InputProblem[],
  published: RunOutputs | undefined,
) => {
  const { run, status, code, outcome, republished, request, input, attempts, replays, decision } = history;
  return {
    run,
    status,
    code,
    reason: outcome?.reason ?? null,
    rows: (republished ?? outcome)?.rows ?? null,
    requestedAt: request.requestedAt,
    cause: request.cause,
    frozenAt: input?.frozenAt ?? null,
    files: request.snapshot.map(({ role, name, sizeBytes }) => ({ role, name, sizeBytes })),
    notes: request.notes ?? [],
    attempts: attempts.map(({ attempt, at, execution, because }, index) => ({
      attempt,
      submittedAt: at,
      execution: execution?.split('/').at(-1) ?? null,
      // The next attempt records why this one was given up; for the last, the outcome does.
      ended:
        attempts[index + 1]?.because ?? (index === attempts.length - 1 ? (outcome?.reason ?? null) : null),
      startedBecause: because ?? null,
    })),
    decision: decision ?? null,
    changes: outcome?.changes ?? [],
    endedAt: outcome?.at ?? null,
    replays: replays.map(({ nonce, outcome: { outcome: status, code, reason, at } }) => ({
      nonce,
      status,
      code,
      reason,
      at,
    })),
    /** Files and models that the run has published; null of a run without, and of a pipeline of tables alone. */
    published: published ?? null,
    problems,
  };
};

type RunData = ReturnType<typeof dataOf>;

function factsOf(sluice: Sluice, data: RunData, pipeline: Pipeline): Record<string, unknown> {
  const { cause, decision } = data;
  const pending = decision !== null && 'command' in decision && data.endedAt === null;
  return {
    Run: data.run,
    Status: data.code === null ? data.status : `${data.status} (${data.code})`,
    ...(data.reason === null ? {} : { Reason: reasonText(sluice, data, pipeline) }),
    'Triggered by': `${cause.kind}, ${cause.by}${cause.reason === null ? '' : `: ${cause.reason}`}`,
    [`Times in ${zoneOf(pipeline)}`]: [
      `requested ${localTime(pipeline, data.requestedAt)}`,
      `frozen    ${localTime(pipeline, data.frozenAt) || 'not yet'}`,
      `ended     ${localTime(pipeline, data.endedAt) || 'not yet'}`,
    ],
    Files: data.files.map(({ name, role, sizeBytes }) => `${name} (${role}, ${sizeBytes} bytes)`),
    ...(data.notes.length === 0 ? {} : { Notes: data.notes.map((note) => `${note}.`) }),
    Attempts:
      data.attempts.length === 0
        ? 'none yet'
        : data.attempts.map((each) => attemptText(each, data, pipeline)),
    ...(pending
      ? {
          Pending: `${decision.kind} by ${decision.by} since ${timeWithZone(pipeline, decision.at)}: ${decision.reason}`,
        }
      : {}),
    ...(data.rows === null || tablesOf(pipeline).length === 0 ? {} : { Rows: data.rows }),
    ...(data.changes.length === 0
      ? {}
      : {
          Changes: data.changes.map(
            ({ table, ...counts }) =>
              `${table}: ${counted(counts.added, 'row')} added, ${counts.removed} removed, ${counts.changed} changed`,
          ),
        }),
    ...outputFacts(data.published ?? undefined, data.run),
    ...(data.replays.length === 0
      ? {}
      : {
          Replays: data.replays.map(
            ({ nonce, status, reason, at }) =>
              `${localTime(pipeline, at)} ${nonce}: ${status}. ${sluice.message(reason)}`,
          ),
        }),
  };
}

/** What a reason suggests is for a run that is not published since. */
const reasonText = (sluice: Sluice, { reason, status }: RunData, pipeline: Pipeline): string =>
  status === 'published' ? plainMessage(reason ?? '', pipeline) : sluice.message(reason ?? '');

/** The last attempt ended as the run did: the run's reason is shown already. */
function attemptText(
  { attempt, submittedAt, execution, ended }: RunData['attempts'][number],
  { reason }: RunData,
  pipeline: Pipeline,
): string {
  const how = ended === null ? '' : `: ${ended === reason ? 'see Reason' : plainMessage(ended, pipeline)}`;
  return `${attempt}: ${localTime(pipeline, submittedAt)}, execution ${execution ?? 'not known yet'}${how}`;
}

/** Whole commands, for the status that the run has. */
function nextSteps(sluice: Sluice, { run, status, code, attempts }: RunData): readonly string[] {
  const withLog = attempts.some(({ execution }) => execution !== null);
  const log = withLog ? [`To see the job's log: ${sluice.line('log', run)}`] : [];
  const forced = `Once the cause is removed, to run again: ${sluice.line('run', '--force', '--reason', '<why>')}`;
  const corrected = [
    'Correct the files: the next poll then requests a new run.',
    `To poll the source now: ${sluice.line('tick')}`,
  ];
  const plan = `Once the checks or the job are mended, to plan a replay: ${sluice.line('replay', run, '--plan')}`;
  const steps: Partial<Record<RunData['status'], readonly string[]>> = {
    held: [
      `To read its report: ${sluice.line('report', run)}`,
      `To publish it: ${sluice.line('release', run, '--reason', '<why>')}`,
    ],
    running: [...log, `To end it: ${sluice.line('cancel', run, '--reason', '<why>')}`],
    failed: [...log, ...(code === 'INPUT_REFUSED' ? corrected : [forced])],
    'dead-lettered': [...log, forced],
    quarantined: [...log, forced, plan],
    cancelled: [...log, `To run again: ${sluice.line('run', '--force', '--reason', '<why>')}`],
  };
  return steps[status] ?? [];
}
