// A month of the mesh: how often what happens, and how much of everything that Google bills it takes.
import type { PlannedResource } from '../../infra/plan.ts';
import { gibOf } from '../../shared/pipelines/job.ts';
import type { Calls, Measured, Work } from './measured.ts';
import { sumOf, times, type Usage } from './bill.ts';
import { keptDays, locationOf } from './kept.ts';
import { alertsOf } from './alerts.ts';
import { firesOf } from './fires.ts';
import { metricsOf } from './metrics.ts';
import { MONTH_DAYS, sizeOf, fixedOf } from './fixed.ts';

export interface Month {
  readonly name: string;
  readonly pipelines: number;
  /** Of each pipeline. */
  readonly changes: number;
}

/** The plan with one pipeline, and with two: what is between them is what a pipeline adds. */
export interface Plans {
  readonly one: readonly PlannedResource[];
  readonly two: readonly PlannedResource[];
}

type Inputs = Readonly<Record<string, unknown>>;

const GIB = 1024 ** 3;
// Cloud Run bills an execution a minute at least, and a request by tenths of a second.
const LEAST_EXECUTION_SECONDS = 60;
// Cloud Run writes a line of its own for every request and execution.
export const REQUEST_LOG_BYTES = 1500;
const PIPELINES_SWEPT_AT_ONCE = 32;

/**
 * How long Google's services take to answer, in seconds: assumed, on the long side, for nothing here has called
 * them. What the local cloud took is counted besides.
 */
export const WAITS: Readonly<Record<keyof Calls, number>> = {
  storageWrites: 0.1,
  storageReads: 0.05,
  drive: 0.5,
  pubsub: 0.1,
  bigquery: 1,
  run: 0.5,
  functions: 0,
  traces: 0.2,
};

/** `years` after the keys were made: they have a version more with each rotation. */
export function usageOf(month: Month, plans: Plans, measured: Measured, years = 1): Usage {
  const { pipelines, changes } = month;
  const fires = firesOf(plans.one);
  const change = work(measured.change, plans.one, measured, 1);
  const happenings = { tick: fires.tick * pipelines, sweep: fires.sweep, change: changes * pipelines };
  return sumOf([
    times(fixedOf(plans.one, years), 2 - pipelines),
    times(fixedOf(plans.two, years), pipelines - 1),
    alertsOf(plans.one, pipelines),
    metricsOf(plans.one, measured, happenings, pipelines),
    times(work(measured.tick, plans.one, measured, 1), happenings.tick),
    times(work(measured.sweep, plans.one, measured, pipelines), happenings.sweep),
    times(sumOf([change, stored(measured, plans.one, changes)]), happenings.change),
    { tableGib: (measured.tableBytes / GIB) * pipelines },
  ]);
}

/** What one thing that happens takes; a sweep of many pipelines is one request, with the calls of each. */
function work(
  { functions, job, messages, queriedBytes, logBytes, spans }: Work,
  plan: readonly PlannedResource[],
  measured: Measured,
  pipelines: number,
): Usage {
  const requests = Object.values(functions).reduce((sum, each) => sum + each.requests, 0);
  const calls = [job.calls, ...Object.values(functions).map((each) => each.calls)];
  const writes = countOf(calls, 'storageWrites') * pipelines;
  // Cloud Storage bills a notification about an object as a read.
  const reads = countOf(calls, 'storageReads') * pipelines + messages.ofStorage;
  return sumOf([
    ...Object.entries(functions).map(([name, each]) => busy(name, each, plan, measured, pipelines)),
    executed(job, plan),
    {
      functionRequests: requests,
      [isEurope(plan) ? 'storageWritesOfEurope' : 'storageWritesOfRegion']: writes,
      storageReads: reads,
      // Once published, once delivered.
      messageGib: (2 * messages.bytes) / GIB,
      queriedGib: queriedBytes / GIB,
      spans: spans * pipelines,
      logGib: (logBytes * pipelines + (requests + job.executions) * REQUEST_LOG_BYTES) / GIB,
      ...(isEncrypted(plan) ? { keyUses: writes + reads + 2 * messages.count } : {}),
    },
  ]);
}

const countOf = (calls: readonly Calls[], kind: keyof Calls): number =>
  calls.reduce((sum, each) => sum + each[kind], 0);

/** The seconds for which a function's requests bill, with a new instance for the first of them. */
export function billedSeconds(
  name: string,
  { seconds, calls }: Work['functions'][string],
  plan: readonly PlannedResource[],
  measured: Measured,
  pipelines = 1,
): number {
  const { vcpu } = sizeOf(serviceOf(plan, name));
  const start = measured.startCpuSeconds[name];
  if (start === undefined) throw new Error(`how long ${name} takes to start was not measured`);
  // A start that took a second of a whole processor takes three of a third.
  const slower = Math.max(0, start / vcpu - start);
  const kinds = Object.keys(calls) as (keyof Calls)[];
  const waits = kinds.reduce((sum, kind) => sum + calls[kind] * WAITS[kind], 0);
  return seconds + slower + waits * Math.max(1, pipelines / PIPELINES_SWEPT_AT_ONCE);
}

function busy(
  name: string,
  each: Work['functions'][string],
  plan: readonly PlannedResource[],
  measured: Measured,
  pipelines: number,
): Usage {
  const { vcpu, gib } = sizeOf(serviceOf(plan, name));
  const seconds = billedSeconds(name, each, plan, measured, pipelines);
  return { functionVcpuSeconds: seconds * vcpu, functionGibSeconds: seconds * gib };
}

function executed({ executions, seconds }: Work['job'], plan: readonly PlannedResource[]): Usage {
  if (executions === 0) return {};
  const { cpu, memory } = jobLimits(plan);
  const billed = Math.max(seconds, executions * LEAST_EXECUTION_SECONDS);
  return { jobVcpuSeconds: billed * cpu, jobGibSeconds: billed * memory };
}

export function jobLimits(plan: readonly PlannedResource[]): {
  readonly cpu: number;
  readonly memory: number;
} {
  const job = plan.find(({ type }) => type === 'gcp:cloudrunv2/job:Job');
  if (job === undefined) throw new Error('the plan has no job');
  const { template } = job.inputs.template as {
    template: { containers: { resources: { limits: Record<string, string> } }[] };
  };
  const { cpu = '1', memory = '512Mi' } = template.containers[0]?.resources.limits ?? {};
  return { cpu: Number(cpu), memory: gibOf(memory) ?? Number.NaN };
}

function serviceOf(plan: readonly PlannedResource[], name: string): Inputs {
  const found = plan.find(
    ({ type, inputs }) => type === 'gcp:cloudfunctionsv2/function:Function' && inputs.name === name,
  );
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found.inputs.serviceConfig as Inputs;
}

/** What one change leaves behind, month after month, once as much is deleted as is added. */
function stored({ objects }: Measured, plan: readonly PlannedResource[], changes: number): Usage {
  if (changes === 0) return {};
  const europe = isEurope(plan);
  const gibMonths = objects.reduce((sum, { bucket, name, bytes }) => {
    return sum + ((bytes / GIB) * keptDays(plan, bucket, name)) / MONTH_DAYS;
  }, 0);
  const writtenGib = objects.reduce((sum, { bytes }) => sum + bytes, 0) / GIB;
  return europe
    ? { storedGibOfEurope: gibMonths, replicatedGib: writtenGib }
    : { storedGibOfRegion: gibMonths };
}

const isEurope = (plan: readonly PlannedResource[]): boolean => locationOf(plan) === 'EU';

const isEncrypted = (plan: readonly PlannedResource[]): boolean =>
  plan.some(({ type }) => type === 'gcp:kms/cryptoKey:CryptoKey');
