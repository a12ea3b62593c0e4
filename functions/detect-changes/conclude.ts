// What a poll ends in, as one pure decision: the state to write, the answer to the caller, and the line to log.
import { counted } from '../../shared/counted.ts';
import { isDeepStrictEqual } from 'node:util';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import { sentence } from '../../shared/sentence.ts';
import { emptyState, type PipelineState } from '../../shared/runs/state.ts';
import type { Answer, Decision } from './decide.ts';
import { isFresh, type Staleness } from './freshness.ts';

export interface Poll {
  readonly pipeline: WatchPipeline;
  readonly state: PipelineState | undefined;
  readonly decision: Decision;
  /** Since when the outputs are stale, after this poll. */
  readonly stale: Staleness;
  readonly nowMs: number;
  /** Names the write of the state (law 3). */
  readonly token: string;
}

export interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Conclusion {
  /** Undefined when the stored state is up to date: a poll without a change writes nothing. */
  readonly state: PipelineState | undefined;
  readonly answer: Answer;
  readonly line: Line;
}

export function conclude(poll: Poll): Conclusion {
  const answer = answerOf(poll.decision);
  return { state: stateAfter(poll), answer, line: lineOf(poll, answer) };
}

function stateAfter({ state, decision, stale, nowMs, token }: Poll): PipelineState | undefined {
  const notes = decision.kind === 'paused' ? state?.notes : decision.notes;
  const hasChangedNotes = !isDeepStrictEqual(notes ?? [], state?.notes ?? []);
  const before = { ...(state ?? emptyState(token)), stale, notes };
  switch (decision.kind) {
    case 'request':
      return { ...before, token, request: decision.request, revision: decision.request.revision, poll: null };
    case 'paused':
      // The state records the pause, and keeps the last poll before it.
      return undefined;
    case 'no-change':
      return before.poll === null && !hasChangedNotes && stale === (state?.stale ?? null)
        ? undefined
        : { ...before, token, poll: null };
    case 'no-run': {
      // The reason of a settling source counts seconds; the same outcome again is not recorded.
      const { outcome, reason, code } = decision;
      const settling = outcome === 'waiting-settling' && before.poll?.outcome === outcome;
      const isRecorded = before.poll?.code === code && before.poll.reason === reason;
      if (!hasChangedNotes && (settling || isRecorded)) return undefined;
      return { ...before, token, poll: { outcome, code, reason, at: new Date(nowMs).toISOString() } };
    }
  }
}

function answerOf(decision: Decision): Answer {
  if (decision.kind === 'paused')
    return { kind: 'poll', outcome: 'paused', code: 'PIPELINE_PAUSED', reason: decision.reason };
  const notes = decision.notes === undefined ? {} : { notes: decision.notes };
  switch (decision.kind) {
    case 'request':
      return { kind: 'requested', run: decision.request.run, ...notes };
    case 'no-change':
      return { kind: 'poll', outcome: 'no-change', code: null, reason: 'The source is unchanged.', ...notes };
    case 'no-run':
      return {
        kind: 'poll',
        outcome: decision.outcome,
        code: decision.code,
        reason: decision.reason,
        ...notes,
      };
  }
}

/** The alert reads `fresh`; `staleSince` says since when the outputs are stale. Metrics are made of both. */
function lineOf({ pipeline, decision, stale, nowMs }: Poll, answer: Answer): Line {
  const fresh = isFresh(pipeline, stale, decision, nowMs);
  const notes = answer.notes === undefined ? {} : { notes: answer.notes };
  const { level, text: message, ...outcome } = messageOf(answer);
  const fields = { event: 'polled', pipeline: pipeline.name, fresh, staleSince: stale?.since, ...notes };
  const text = [message, ...unmentioned(answer).map(sentence)].join(' ');
  if (fresh) return { level, fields: { ...fields, ...outcome }, text };
  const hours = pipeline.trigger.freshness / 3_600_000;
  const overdue = `The outputs are stale since ${stale?.since}; the freshness objective is ${counted(hours, 'hour')}.`;
  return { level: 'error', fields: { ...fields, ...outcome }, text: `${text} ${overdue}` };
}

/** The data-quality notes, unless the reason holds them: that of a source with missing files does. */
function unmentioned(answer: Answer): readonly string[] {
  const isWaiting = answer.kind === 'poll' && answer.outcome === 'waiting-incomplete';
  return isWaiting ? [] : (answer.notes ?? []);
}

function messageOf(answer: Answer) {
  if (answer.kind === 'requested') {
    return {
      level: 'info',
      outcome: 'requested',
      run: answer.run,
      text: `Run ${answer.run} requested.`,
    } as const;
  }
  const { outcome, code, reason } = answer;
  if (outcome === 'no-change')
    return { level: 'info', outcome, text: `No run requested: ${reason}` } as const;
  return { level: 'warn', outcome, code, reason, text: `No run requested: ${reason}` } as const;
}
