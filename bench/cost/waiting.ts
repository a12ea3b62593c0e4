// Function-seconds of a run, compared with the earlier design, in which a function started the job and waited for its end.
import { billedSeconds, type Plans } from './month.ts';
import type { Measured } from './measured.ts';
import { PRICES } from './prices.ts';
import { sizeOf } from './fixed.ts';

// From the call that starts an execution until its container runs: assumed, because none was started in Google's cloud.
export const EXECUTION_STARTS_SECONDS = 15;

/** In billed seconds of functions, for one run. */
export interface Waiting {
  readonly mesh: number;
  readonly old: number;
  /** If the job used its whole timeout. */
  readonly oldAtWorst: number;
  readonly dollarsPerSecond: number;
}

/** The earlier design: one function freezes, starts the job, waits for its end, and loads. */
export function waitingOf({ one }: Plans, measured: Measured): Waiting {
  const mesh = Object.entries(measured.change.functions).reduce(
    (sum, [name, each]) => sum + billedSeconds(name, each, one, measured),
    0,
  );
  const { vcpu, gib } = functionSize(one);
  return {
    mesh,
    old: mesh + EXECUTION_STARTS_SECONDS + measured.change.job.seconds,
    oldAtWorst: mesh + EXECUTION_STARTS_SECONDS + jobTimeoutSeconds(one),
    dollarsPerSecond: vcpu * PRICES.functionVcpuSeconds.dollars + gib * PRICES.functionGibSeconds.dollars,
  };
}

function functionSize(plan: Plans['one']): { readonly vcpu: number; readonly gib: number } {
  const found = plan.find(({ type }) => type === 'gcp:cloudfunctionsv2/function:Function');
  return sizeOf(found?.inputs.serviceConfig as Record<string, unknown>);
}

function jobTimeoutSeconds(plan: Plans['one']): number {
  const job = plan.find(({ type }) => type === 'gcp:cloudrunv2/job:Job');
  if (job === undefined) throw new Error('the plan has no job');
  return Number.parseInt((job.inputs.template as { template: { timeout: string } }).template.timeout, 10);
}
