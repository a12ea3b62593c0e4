// The job of a pipeline, and Cloud Run's limits for its processors, its memory and its time.
import type { Milliseconds } from './duration.ts';
import type { Secret, Setting } from './setting.ts';

export interface JobSpec {
  /** The container image's name, which is also the folder under `jobs/`. */
  readonly image: string;
  readonly cpu: number;
  /** As Cloud Run writes it: `4Gi`. */
  readonly memory: string;
  /** How long one attempt may take. */
  readonly timeout: Milliseconds;
  /** How many attempts a run gets before it has failed. */
  readonly attempts: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of the deployment; each reaches the job under its own name, without the pipeline's. */
  readonly settings?: readonly Setting[];
  /**
   * Secrets that only the job may read, by variable: `API_KEY: secret('weather')`; or a setting with the name of the
   * secret, `API_KEY: fromEnv('WEATHER_SECRET', '')`: a deployment that leaves it empty has no such variable.
   */
  readonly secrets?: Readonly<Record<string, Secret | Setting>>;
}

// https://docs.cloud.google.com/run/docs/configuring/jobs/cpu and .../jobs/memory-limits, read on 2026-11-21.
const MEMORY_GIB: Readonly<Record<number, readonly [least: number, most: number]>> = {
  1: [0.5, 4],
  2: [0.5, 8],
  4: [2, 16],
  6: [4, 24],
  8: [4, 32],
};
// https://cloud.google.com/run/docs/configuring/task-timeout
const LONGEST_HOURS = 168;
const MOST_ATTEMPTS = 10;
// `IMAGE` is a folder under jobs/ and ends the job's name, for which Google allows 49 characters.
const IMAGE = /^[a-z][a-z0-9-]{0,28}$/;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const SECRET = /^[A-Za-z0-9_-]{1,255}$/;
const VERSION = /^(latest|[1-9]\d{0,9})$/;

/** What is wrong with a job, each problem naming what was found and what is accepted. */
export function wrongJob(job: JobSpec): readonly string[] {
  const hours = job.timeout / 3_600_000;
  const { env = {}, settings = [], secrets = {} } = job;
  const variables = [
    ...Object.keys(env),
    ...settings.map(({ variable }) => variable),
    ...Object.keys(secrets),
    ...secretSettings(job).map(({ variable }) => variable),
  ];
  return [
    ...(IMAGE.test(job.image) ? [] : [`job.image "${job.image}": expected ${IMAGE}`]),
    ...wrongSize(job),
    ...(job.timeout >= 1000 && hours <= LONGEST_HOURS
      ? []
      : [`job.timeout ${job.timeout} ms: expected 1 second to ${LONGEST_HOURS} hours`]),
    ...(Number.isInteger(job.attempts) && job.attempts >= 1 && job.attempts <= MOST_ATTEMPTS
      ? []
      : [`job.attempts ${job.attempts}: expected 1 to ${MOST_ATTEMPTS}`]),
    ...variables
      .filter((variable) => !VARIABLE.test(variable))
      .map((variable) => `the job's variable "${variable}": expected ${VARIABLE}`),
    ...Object.entries(secrets)
      .filter((entry): entry is [string, Secret] => 'secret' in entry[1])
      .filter(([, { secret, version }]) => !isSecretName(secret) || !VERSION.test(version))
      .map(([name, { secret, version }]) => `${name}: secret("${secret}", "${version}") is not a secret`),
  ];
}

export const isSecretName = (name: string): boolean => SECRET.test(name);

/** The settings that name a secret. */
export const secretSettings = ({ secrets = {} }: JobSpec): readonly Setting[] =>
  Object.values(secrets).filter((each): each is Setting => 'variable' in each);

function wrongSize({ cpu, memory }: JobSpec): string[] {
  const range = MEMORY_GIB[cpu];
  if (range === undefined) return [`job.cpu ${cpu}: expected ${Object.keys(MEMORY_GIB).join(', ')}`];
  const [least, most] = range;
  const gib = gibOf(memory);
  if (gib !== undefined && gib >= least && gib <= most) return [];
  return [`job.memory "${memory}": expected ${least * 1024}Mi to ${most}Gi for ${cpu} cpu`];
}

/** `512Mi`, `4Gi`; undefined for any other form. */
export function gibOf(memory: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})(Mi|Gi)$/.exec(memory) ?? [];
  return digits === undefined ? undefined : Number(digits) / (unit === 'Mi' ? 1024 : 1);
}
