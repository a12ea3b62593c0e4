// A job and its estimate, as the commands print them.
import { counted } from '../../shared/counted.ts';
import type { Job } from '../../shared/api/schemas.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { timeWithZone } from '../times.ts';
import type { Estimate } from './client.ts';

/** The keys of docs/CLI.md. */
export const dataOf = (job: Job) => ({
  job: job.job_id,
  pipeline: job.pipeline,
  state: job.state,
  done: job.done,
  code: job.code,
  reason: job.reason,
  position: job.position,
  preset: job.preset,
  priority: job.priority,
  acceptedAt: job.accepted_at,
  expiresAt: job.expires_at,
  estimate: job.estimate,
  maxCost: job.max_cost,
  cost: job.cost,
  history: job.history,
  result: job.result,
});

export function factsOf(job: Job, pipeline: Pipeline): Record<string, unknown> {
  const { code, reason, result } = job;
  return {
    Job: job.job_id,
    State: `${stateOf(job)}${code === null ? '' : ` (${code})`}`,
    ...(reason === null ? {} : { Reason: reason }),
    Accepted: timeWithZone(pipeline, job.accepted_at),
    ...(job.done ? {} : { 'Expires, if not started': timeWithZone(pipeline, job.expires_at) }),
    ...(job.preset === null ? {} : { Preset: job.preset }),
    Estimate: `${estimateText(job.estimate)}; hash ${job.estimate.hash}`,
    ...(job.max_cost === null ? {} : { 'Maximum cost': dollars(job.max_cost) }),
    ...(job.cost === null ? {} : { Cost: costText(job.cost, job) }),
    ...(result === null ? {} : { Result: [`${result.name}, ${result.size} bytes`, ...result.attachments] }),
    History: job.history.map(({ state, at }) => `${timeWithZone(pipeline, at)} ${state}`),
  };
}

/** `queued, place 3 in line`. */
export const stateOf = ({ state, position }: Pick<Job, 'state' | 'position'>): string =>
  position === null ? state : `${state}, place ${position} in line`;

export function estimateText({ low, expected, high, basis }: Estimate): string {
  if (expected === null) return `at most ${dollars(high)}; nothing like it has run yet`;
  const runs = counted(basis.runs, 'finished run');
  return `${dollars(expected)} expected, ${dollars(low)} to ${dollars(high)}, from ${runs}`;
}

function costText(cost: number, { done, estimate: { low, high } }: Job): string {
  if (!done) return `${dollars(cost)} so far`;
  const beside = cost < low ? 'below' : cost > high ? 'above' : 'within';
  return `${dollars(cost)}, ${beside} the estimate`;
}

/** Two digits of what is less than a cent. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  return amount < 0.01
    ? `$${Number(amount.toPrecision(2)).toFixed(6).replace(/0+$/, '')}`
    : `$${amount.toFixed(2)}`;
}
