// A pipeline, as an engineer writes it: one typed value from which all else follows.
import { messageOf } from '../errors.ts';
import type { Check } from './checks.ts';
import type { Column } from './columns.ts';
import { readCron } from './cron.ts';
import type { Milliseconds } from './duration.ts';
import { wrongJob } from './job-limits.ts';
import { isReservedWord } from './reserved-words.ts';
import type { Secret, Setting } from './setting.ts';
import type { DriveFolderSource } from './source.ts';

export type Columns = Readonly<Record<string, Column>>;

export interface CsvOutput<C extends Columns = Columns> {
  readonly kind: 'csv';
  readonly file: string;
  /** In the order of the file's header, which must hold exactly these names. */
  readonly columns: C;
  /** No two rows have the same values in these columns. */
  readonly key: readonly (keyof C & string)[];
}

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
  /** What a deployment may say to the job; each reaches it under its own name, without the pipeline's. */
  readonly settings?: readonly Setting[];
  /** What nobody may read but the job, by the variable that it finds it in: `API_KEY: secret('weather')`. */
  readonly secrets?: Readonly<Record<string, Secret>>;
}

export interface TableRef {
  readonly dataset: string;
  readonly table: string;
}

/** One table and the output file that fills it. */
export interface Target<C extends Columns = Columns> {
  readonly output: CsvOutput<C>;
  readonly table: TableRef;
  readonly checks: readonly Check<keyof C & string>[];
}

export interface Pipeline<C extends Columns = Columns> extends Target<C> {
  /**
   * Up to 19 lower-case letters, digits and dashes; it names buckets' folders, schedules, the job and, with
   * `sluice-` before and `-job` after it, the job's account, for which Google allows 30 characters.
   */
  readonly name: string;
  /** A unix cron line, in UTC. */
  readonly schedule: string;
  /** The promise to whoever reads the table: so long after a change was seen, it is published. Else somebody is told. */
  readonly freshness: Milliseconds;
  readonly source: DriveFolderSource;
  readonly job: JobSpec;
  /** Further tables of the same job, published in the same transaction (law 6). */
  readonly also: readonly Target[];
}

/** A further table; `alsoTable` checks its column names against one another as `definePipeline` does the first's. */
export const alsoTable = <const C extends Columns>(target: Target<C>): Target => target as unknown as Target;

/** Every table of a pipeline; the first is the one that people mean when they say its name. */
export const targetsOf = (pipeline: Pipeline): readonly Target[] => [pipeline, ...pipeline.also];

/** The Cloud Run Job of a pipeline. */
export const jobNameOf = (pipeline: Pipeline): string => `${pipeline.name}-${pipeline.job.image}`;

export const csv = <C extends Columns>(output: Omit<CsvOutput<C>, 'kind'>): CsvOutput<C> => ({
  kind: 'csv',
  ...output,
});

const NAME = /^[a-z][a-z0-9-]{0,18}$/;
// In the stack's file a pipeline's settings stand under its name, beside these.
const RESERVED = ['gcp', 'pulumi', 'sluice'];
const FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.csv$/;
const LONGEST_FRESHNESS_MS = 31 * 24 * 60 * 60 * 1000;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Checks what types cannot, so that every name in a pipeline is safe in a path and in a query. */
export function definePipeline<const C extends Columns>(pipeline: Pipeline<C>): Pipeline {
  const targets = targetsOf(pipeline as unknown as Pipeline);
  const problems = [
    ...(NAME.test(pipeline.name) ? [] : [`name "${pipeline.name}": expected ${NAME}`]),
    ...(RESERVED.includes(pipeline.name) ? [`name "${pipeline.name}": another's in the stack's file`] : []),
    ...wrongSchedule(pipeline.schedule),
    ...targets.flatMap(wrongTarget),
    ...repeated(targets.map(({ output }) => output.file)).map((file) => `two outputs are the file ${file}`),
    ...repeated(targets.map(tableName)).map((table) => `two outputs fill the table ${table}`),
    ...wrongJob(pipeline.job),
    ...wrongFreshness(pipeline),
  ];
  if (problems.length > 0)
    throw new TypeError(`the pipeline "${pipeline.name}" is wrong: ${problems.join('; ')}`);
  // The column names have served their purpose: they were checked against one another when this compiled.
  return pipeline as unknown as Pipeline;
}

/** `dataset.table`. */
export const tableName = ({ table }: Target): string => `${table.dataset}.${table.table}`;

/** Those that stand in `names` more than once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

function wrongSchedule(schedule: string): string[] {
  try {
    readCron(schedule);
    return [];
  } catch (error) {
    return [`schedule: ${messageOf(error)}`];
  }
}

/** A promise that a run which takes all its attempts would break is no promise. */
function wrongFreshness({ freshness, job }: Pick<Pipeline, 'freshness' | 'job'>): string[] {
  const least = job.timeout * job.attempts;
  if (freshness > least && freshness <= LONGEST_FRESHNESS_MS) return [];
  const text = (ms: number) => `${Math.round(ms / 60_000)} minutes`;
  return [
    `freshness of ${text(freshness)}: expected more than ${text(least)}, all attempts of the job, and at most 31 days`,
  ];
}

function wrongTarget({ output, table }: Target): string[] {
  const names = Object.keys(output.columns);
  const identifiers = [...names, table.dataset, table.table];
  const wrong = identifiers.filter((identifier) => !IDENTIFIER.test(identifier));
  const lost = output.key.filter((name) => !names.includes(name));
  return [
    ...(FILE.test(output.file) ? [] : [`output.file "${output.file}": expected ${FILE}`]),
    ...lost.map((name) => `${output.file}: the key names "${name}", which is no column`),
    ...wrong.map((identifier) => `"${identifier}": expected ${IDENTIFIER}`),
    ...identifiers.filter(isReservedWord).map((word) => `"${word}" is a reserved word of GoogleSQL`),
    ...(output.key.length === 0 ? [`${output.file}: the key is empty; expected at least one column`] : []),
  ];
}
