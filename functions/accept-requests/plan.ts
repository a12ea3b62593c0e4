// What a request becomes if it is accepted: its record, its parameters and what the queue's listing shows of it.
import type { RunBody } from '../../shared/api/schemas.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { TokenCaller } from '../../shared/access/caller.ts';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import type { Parameters } from '../../shared/pipelines/requests.ts';
import type { EntryMetadata, QueueEntry } from '../../shared/requests/entry.ts';
import type { Estimate, Measured } from '../../shared/requests/estimate.ts';
import { estimateOf } from '../../shared/requests/estimates.ts';
import { parametersOf } from './parameters.ts';

export interface Requested {
  readonly pipeline: RequestsPipeline;
  readonly body: RunBody;
  /** The pointer of the parameters in what was sent. */
  readonly below: string;
  readonly run: string;
  readonly bodyHash: string;
  readonly caller: TokenCaller;
  readonly atMs: number;
  readonly traceparent: string;
}

export interface Planned {
  readonly entry: QueueEntry;
  readonly metadata: Readonly<Record<keyof EntryMetadata, string>>;
}

export const estimateFor = (
  { name, job, trigger }: RequestsPipeline,
  parameters: Parameters,
  history: readonly Measured[],
): Estimate => estimateOf({ pipeline: name, job, parameters, units: trigger.units(parameters), history });

/** Pure. Throws an `ApiProblem` for a request that cannot be accepted, however many others wait. */
export function planRequest(requested: Requested, history: readonly Measured[]): Planned {
  const { pipeline, body, below, run, bodyHash, caller, atMs, traceparent } = requested;
  const { trigger, name } = pipeline;
  const parameters = parametersOf(trigger, body, below);
  const estimate = estimateFor(pipeline, parameters, history);
  const maxCost = body.max_cost ?? null;
  const cost = estimate.expected ?? Math.min(estimate.high, maxCost ?? estimate.high);
  refuseCost(estimate, maxCost, cost, trigger.spending.perOwner);
  const { issuer, subject, email } = caller;
  const acceptedAt = new Date(atMs).toISOString();
  const expiresAt = new Date(atMs + trigger.expiresAfter).toISOString();
  const record = {
    ...{ pipeline: name, run, requester: { issuer, subject, email }, acceptedAt, expiresAt, bodyHash },
    ...{ preset: body.preset ?? null, priority: body.priority, maxCost, estimate },
    units: trigger.units(parameters),
    ...{ approval: trigger.approval, traceparent },
  };
  const metadata = {
    ...{ cost: String(cost), priority: String(body.priority), 'body-hash': bodyHash },
    ...{ 'accepted-at': acceptedAt, 'expires-at': expiresAt, approval: trigger.approval },
  };
  return { entry: { record, parameters }, metadata };
}

function refuseCost({ low }: Estimate, maxCost: number | null, cost: number, mostADay: number): void {
  if (maxCost !== null && maxCost < low)
    throw new ApiProblem(
      'max-cost-too-low',
      `The run costs at least ${low} USD, and max_cost is ${maxCost} USD; nothing was accepted.`,
      {
        errors: [{ pointer: '/max_cost', detail: `expected at least ${low}` }],
        members: { low, max_cost: maxCost },
      },
    );
  if (cost > mostADay)
    throw new ApiProblem(
      'cost-over-bound',
      `The run is expected to cost ${cost} USD, and one caller may spend ${mostADay} USD a day: it would never start.`,
      { members: { cost, bound: mostADay } },
    );
}
