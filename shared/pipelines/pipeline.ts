// The definition of a pipeline: one typed value from which everything else follows.
import { wrongForecast, type ForecastSpec } from './forecast.ts';
import { wrongJob, type JobSpec } from './job.ts';
import { wrongOutputs, type Output } from './outputs.ts';
import { wrongRequests, type Requests } from './requests.ts';
import { wrongServices, type ServiceSpec } from './services.ts';
import { wrongSource } from './source.ts';
import { wrongWatch, type Trigger, type Watch } from './trigger.ts';

export interface Pipeline<T extends Trigger = Trigger> {
  /**
   * Up to 19 lower-case letters, digits and dashes; it names buckets' folders, schedules, the job and, with
   * `sluice-` before and `-job` after it, the job's account, for which Google allows 30 characters.
   */
  readonly name: string;
  readonly trigger: T;
  readonly job: JobSpec;
  /** At least one. They are published together, with one entry of the ledger (law 6). */
  readonly outputs: readonly Output[];
  /** The IANA time zone in which its people read times; UTC by default. Schedules are always in UTC. */
  readonly timeZone?: string;
  /** Where its tables hold a forecast: what they hold, for the page that shows it. */
  readonly forecast?: ForecastSpec;
  /** What answers HTTP from its models. */
  readonly services?: readonly ServiceSpec[];
}

/** Its runs follow from what a source contains. */
export type WatchPipeline = Pipeline<Watch>;
/** Its runs are requested over HTTP. */
export type RequestsPipeline = Pipeline<Requests>;

export const isWatch = (pipeline: Pipeline): pipeline is WatchPipeline => pipeline.trigger.kind === 'watch';
export const isRequests = (pipeline: Pipeline): pipeline is RequestsPipeline =>
  pipeline.trigger.kind === 'requests';

/** Those that watch a source. */
export const watchesOf = (pipelines: Iterable<Pipeline>): readonly WatchPipeline[] =>
  [...pipelines].filter(isWatch);
/** Those whose runs are requested over HTTP. */
export const requestsOf = (pipelines: Iterable<Pipeline>): readonly RequestsPipeline[] =>
  [...pipelines].filter(isRequests);

/** Whether runs of any of the pipelines are requested over HTTP. */
/** Only then is there a subscription to the events of watched buckets. */
export const watchesBuckets = (pipelines: Iterable<Pipeline>): boolean =>
  watchesOf(pipelines).some(({ trigger }) => trigger.source.kind === 'bucket');

export const takesRequests = (pipelines: Iterable<Pipeline>): boolean => requestsOf(pipelines).length > 0;

/** The Cloud Run Job of a pipeline. */
export const jobNameOf = (pipeline: Pipeline): string => `${pipeline.name}-${pipeline.job.image}`;

const NAME = /^[a-z][a-z0-9-]{0,18}$/;
// In the stack's file a pipeline's name is a namespace beside these.
const RESERVED = ['gcp', 'pulumi', 'sluice'];

/** Checks what types cannot, so that every name in a pipeline is safe in a path and in a query. */
export function definePipeline<T extends Trigger>(pipeline: Pipeline<T>): Pipeline<T> {
  const { name, job } = pipeline;
  const problems = [
    ...(NAME.test(name) ? [] : [`name "${name}": expected ${NAME}`]),
    ...(RESERVED.includes(name) ? [`name "${name}": reserved in the stack's file`] : []),
    ...wrongJob(job),
    ...wrongTrigger(pipeline),
    ...wrongOutputs(pipeline, pipeline.trigger.kind),
    ...wrongForecast(pipeline),
    ...wrongTimeZone(pipeline.timeZone ?? 'UTC'),
    ...wrongServices(pipeline),
  ];
  if (problems.length > 0) throw new TypeError(`the pipeline "${name}" is wrong: ${problems.join('; ')}`);
  return pipeline;
}

function wrongTrigger({ trigger, job, services }: Pipeline): readonly string[] {
  if (trigger.kind === 'watch')
    return [...wrongWatch(trigger, job.timeout * job.attempts), ...wrongSource(trigger.source)];
  return [
    ...wrongRequests(trigger),
    ...(services === undefined ? [] : ['services: a pipeline with the trigger requests has none']),
  ];
}

/** Right without a check: the first formatter of a process takes 10 ms, in each cold start of each function. */
const CHECKED_ZONES: ReadonlySet<string> = new Set(['UTC', 'Europe/Paris']);

function wrongTimeZone(timeZone: string): readonly string[] {
  if (CHECKED_ZONES.has(timeZone)) return [];
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    return [`timeZone "${timeZone}": expected a name of the IANA list, such as Europe/Paris`];
  }
}
