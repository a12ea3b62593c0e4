// What a poll ends in, as one pure decision: the state to write, the answer to the caller, and the line to log.
import { isDeepStrictEqual } from 'node:util';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { emptyState, type PipelineState } from '../../shared/runs/state.ts';
import type { Answer, Decision } from './decide.ts';
import { isFresh, type Staleness } from './freshness.ts';

export interface Poll {
  readonly pipeline: Pipeline;
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
  /** Undefined when the stored state says so already: an unchanged poll writes nothing. */
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
  const hasNews = !isDeepStrictEqual(notes ?? [], state?.notes ?? []);
  const before = { ...(state ?? emptyState(token)), stale, notes };
  switch (decision.kind) {
    case 'request':
      return { ...before, token, request: decision.request, revision: decision.request.revision, poll: null };
    case 'paused':
      // The state says so already, and the last poll before it stays to be seen.
      return undefined;
    case 'no-change':
      return before.poll === null && !hasNews && stale === (state?.stale ?? null)
        ? undefined
        : { ...before, token, poll: null };
    case 'no-run': {
      // Seconds tick in the reason of a settling folder; the same outcome is no news.
      const { outcome, reason } = decision;
      const settling = outcome === 'waiting-settling' && before.poll?.outcome === outcome;
      if (!hasNews && (settling || before.poll?.reason === reason)) return undefined;
      return { ...before, token, poll: { outcome, reason, at: new Date(nowMs).toISOString() } };
    }
  }
}

function answerOf(decision: Decision): Answer {
  if (decision.kind === 'paused') return { kind: 'poll', outcome: 'paused', reason: decision.reason };
  const notes = decision.notes === undefined ? {} : { notes: decision.notes };
  switch (decision.kind) {
    case 'request':
      return { kind: 'requested', run: decision.request.run, ...notes };
    case 'no-change':
      return { kind: 'poll', outcome: 'no-change', reason: 'the folder is as it was.', ...notes };
    case 'no-run':
      return { kind: 'poll', outcome: decision.outcome, reason: decision.reason, ...notes };
  }
}

/** `fresh` is what the alert listens to; `staleSince` says since when the outputs are stale. Metrics are made of both. */
function lineOf({ pipeline, decision, stale, nowMs }: Poll, answer: Answer): Line {
  const fresh = isFresh(pipeline, stale, decision, nowMs);
  const notes = answer.notes === undefined ? {} : { notes: answer.notes };
  const { level, text: message, ...outcome } = messageOf(answer);
  const fields = { event: 'polled', pipeline: pipeline.name, fresh, staleSince: stale?.since, ...notes };
  const text = [message, ...unmentioned(answer).map((note) => `${note}.`)].join(' ');
  if (fresh) return { level, fields: { ...fields, ...outcome }, text };
  const hours = pipeline.trigger.freshness / 3_600_000;
  const overdue = `The table waits for a change since ${stale?.since}; ${hours} hours were promised.`;
  return { level: 'error', fields: { ...fields, ...outcome }, text: `${text} ${overdue}` };
}

/** The notes on the folder that the reason does not mention. */
function unmentioned(answer: Answer): readonly string[] {
  const reason = answer.kind === 'poll' ? answer.reason : '';
  return (answer.notes ?? []).filter((note) => !reason.includes(note));
}

function messageOf(answer: Answer) {
  if (answer.kind === 'requested') {
    return { level: 'info', outcome: 'requested', run: answer.run, text: 'asked for a run.' } as const;
  }
  const { outcome, reason } = answer;
  if (outcome === 'no-change') return { level: 'info', outcome, text: `no change: ${reason}` } as const;
  return { level: 'warn', outcome, reason, text: `no run: ${reason}` } as const;
}
