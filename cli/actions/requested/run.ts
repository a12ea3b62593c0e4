// One requested run in full: who requested it, estimate and cost, its gates, each attempt, how it ended, what to type next.
import { endOf, jobView } from '../../../shared/api/job-view.ts';
import type { JobObjects } from '../../../shared/api/job-objects.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { attemptsOf, type RecordedAttempt } from '../../../shared/history/history.ts';
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { dollars, estimateText } from '../../requests/shown.ts';
import type { Target } from '../../target.ts';
import { localTime, timeWithZone, zoneOf } from '../../times.ts';
import type { Sluice } from '../../verbs/verb.ts';
import { checkedRunId, runsOf, toListRuns } from '../stores.ts';
import { problemRow, problemsTitle, refusalIn } from '../problems.ts';
import { readerOf, statusOf } from './reading.ts';

export async function showRequestedRun(
  sluice: Sluice,
  target: Target,
  pipeline: RequestsPipeline,
  id: string,
): Promise<void> {
  const objects = await readerOf(target).read(pipeline.name, checkedRunId(id));
  if (objects === undefined)
    throw new ConfigurationError(`There is no run ${id} of ${pipeline.name}. ${toListRuns(pipeline)}`);
  const attempts = await attemptsOf(runsOf(target), pipeline.name, id);
  const refusal = await refusalIn(target, pipeline, id, objects.outcome);
  const data = dataOf(objects, attempts, refusal?.problems ?? [], pipeline);
  sluice.show(data, factsOf(sluice, data, pipeline));
  if (data.problems.length > 0)
    sluice.detail(
      problemsTitle(data.problems.length, refusal?.problemCount ?? 0),
      data.problems.map(problemRow),
    );
  for (const hint of nextSteps(sluice, data)) sluice.hint(hint);
}

function dataOf(
  objects: JobObjects,
  attempts: readonly RecordedAttempt[],
  problems: readonly InputProblem[],
  pipeline: RequestsPipeline,
) {
  const { run, record, approval, start, decision } = objects;
  const end = endOf(objects);
  const { cost, history, result } = jobView(objects, {
    ...{ size: pipeline.job, nowMs: Date.now(), position: null },
  });
  const { requester, acceptedAt, expiresAt, preset, priority, estimate, maxCost } = record;
  return {
    run,
    status: statusOf(objects),
    code: end?.code ?? null,
    reason: end?.reason ?? null,
    requester,
    ...{ acceptedAt, expiresAt, preset, priority, estimate, maxCost, cost },
    gates: { approval: approval ?? null, start: start ?? null, decision: decision ?? null },
    attempts: attempts.map(({ attempt, at, execution, because }) => ({
      attempt,
      submittedAt: at,
      execution: execution?.split('/').at(-1) ?? null,
      startedBecause: because ?? null,
    })),
    history,
    result,
    endedAt: end?.at ?? null,
    problems,
  };
}

type RunData = ReturnType<typeof dataOf>;

function factsOf(sluice: Sluice, data: RunData, pipeline: RequestsPipeline): Record<string, unknown> {
  const { code, reason, requester, estimate, maxCost, cost, attempts, result } = data;
  const gates = gatesText(data, pipeline);
  return {
    Run: data.run,
    Status: code === null ? data.status : `${data.status} (${code})`,
    ...(reason === null ? {} : { Reason: sluice.message(reason) }),
    'Requested by': requester.email ?? `${requester.subject} of ${requester.issuer}`,
    [`Times in ${zoneOf(pipeline)}`]: data.history.map(
      ({ state, at }) => `${localTime(pipeline, at)} ${state}`,
    ),
    ...(data.endedAt === null ? { 'Expires, if not started': timeWithZone(pipeline, data.expiresAt) } : {}),
    'Preset, priority': `${data.preset ?? 'none'}, ${data.priority}`,
    Estimate: estimateText(estimate),
    Cost: cost === null ? 'nothing yet' : `${dollars(cost)}${data.endedAt === null ? ' so far' : ''}`,
    ...(maxCost === null ? {} : { 'Maximum cost': dollars(maxCost) }),
    ...(gates.length === 0 ? {} : { Gates: gates }),
    Attempts:
      attempts.length === 0
        ? 'none yet'
        : attempts.map(
            ({ attempt, submittedAt, execution }) =>
              `${attempt}: ${localTime(pipeline, submittedAt)}, execution ${execution ?? 'not known yet'}`,
          ),
    ...(result === null ? {} : { Result: [`${result.name}, ${result.size} bytes`, ...result.attachments] }),
  };
}

/** A gate that was passed: the decision and who made it, if a person did. */
function gatesText({ gates }: RunData, pipeline: RequestsPipeline): readonly string[] {
  return Object.entries(gates).flatMap(([name, gate]) => {
    if (gate === null) return [];
    const by = 'by' in gate ? ` by ${gate.by}: ${gate.reason}` : '';
    return [`${name}: ${gate.kind} at ${localTime(pipeline, gate.at)}${by}`];
  });
}

/** Whole commands, for the status that the run has. */
function nextSteps(sluice: Sluice, { run, status, endedAt, attempts, gates }: RunData): readonly string[] {
  const isStarted = attempts.some(({ execution }) => execution !== null);
  const log = isStarted ? [`To see the job's log: ${sluice.line('log', run)}`] : [];
  const withReason = (...words: readonly string[]) => sluice.line(...words, run, '--reason', '<why>');
  if (status === 'held') return [...log, `To publish it: ${withReason('release')}`];
  if (status === 'published') return [];
  if (endedAt !== null) return log;
  const isDecided = gates.decision !== null;
  return [...log, ...(isDecided ? [] : [`To end it: ${withReason('cancel')}`])];
}
