// The definition of a pipeline: one typed value from which everything else follows.
import { wrongJob, type JobSpec } from './job.ts';
import { wrongOutputs, type Output } from './outputs.ts';
import { wrongServices, type ServiceSpec } from './services.ts';
import { wrongSource } from './source.ts';
import { wrongTrigger, type Trigger } from './trigger.ts';

export interface Pipeline {
  /**
   * Up to 19 lower-case letters, digits and dashes; it names buckets' folders, schedules, the job and, with
   * `sluice-` before and `-job` after it, the job's account, for which Google allows 30 characters.
   */
  readonly name: string;
  readonly trigger: Trigger;
  readonly job: JobSpec;
  /** At least one. They are published together, with one entry of the ledger (law 6). */
  readonly outputs: readonly Output[];
  /** The IANA time zone in which its people read times; UTC by default. Schedules are always in UTC. */
  readonly timeZone?: string;
  /** What answers HTTP from its models. */
  readonly services?: readonly ServiceSpec[];
}

/** The Cloud Run Job of a pipeline. */
export const jobNameOf = (pipeline: Pipeline): string => `${pipeline.name}-${pipeline.job.image}`;

const NAME = /^[a-z][a-z0-9-]{0,18}$/;
// In the stack's file a pipeline's name is a namespace beside these.
const RESERVED = ['gcp', 'pulumi', 'sluice'];

/** Checks what types cannot, so that every name in a pipeline is safe in a path and in a query. */
export function definePipeline(pipeline: Pipeline): Pipeline {
  const { name, trigger, job } = pipeline;
  const problems = [
    ...(NAME.test(name) ? [] : [`name "${name}": expected ${NAME}`]),
    ...(RESERVED.includes(name) ? [`name "${name}": reserved in the stack's file`] : []),
    ...wrongJob(job),
    ...wrongTrigger(trigger, job.timeout * job.attempts),
    ...wrongSource(trigger.source),
    ...wrongOutputs(pipeline),
    ...wrongTimeZone(pipeline.timeZone ?? 'UTC'),
    ...wrongServices(pipeline),
  ];
  if (problems.length > 0) throw new TypeError(`the pipeline "${name}" is wrong: ${problems.join('; ')}`);
  return pipeline;
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
