// Finds the pipelines: every file of `pipelines/` exports one, and adding a file changes no other.
import { secretSettings } from './job.ts';
import { PermanentError } from '../errors.ts';
import { modules } from './modules.ts';
import { repeated } from './names.ts';
import { tableName, tablesOf } from './outputs.ts';
import {
  isWatch,
  jobNameOf,
  requestsOf,
  watchesOf,
  type Pipeline,
  type RequestsPipeline,
  type WatchPipeline,
} from './pipeline.ts';
import { functionOf } from './services.ts';
import { stackKeyOf, variableOf } from './setting.ts';
import { neededByTrigger, triggerSettings } from './source-settings.ts';

export type Pipelines = ReadonlyMap<string, Pipeline>;

/** Throws a `TypeError` that names every conflict between two pipelines. */
export const loadPipelines = (): Pipelines =>
  gatherPipelines(modules.flatMap((module) => Object.values(module) as Pipeline[]));

export function gatherPipelines(pipelines: readonly Pipeline[]): Pipelines {
  const clashes = [
    ...repeated(pipelines.map(({ name }) => name)).map((name) => `two pipelines are named "${name}"`),
    ...repeated(pipelines.flatMap(tableNames)).map((table) => `two pipelines fill the table ${table}`),
    // `a-b` with the image `c`, and `a` with `b-c`.
    ...repeated(pipelines.map(jobNameOf)).map((job) => `two pipelines have the job ${job}`),
    // `a-b` with the service `c`, and `a` with `b-c`.
    ...repeated(pipelines.flatMap(serviceFunctions)).map((name) => `two services are the function ${name}`),
    ...requestsOf(pipelines).flatMap((pipeline) => wrongInput(pipeline, pipelines)),
    // `a-b` with the setting `C`, and `a` with `B_C`.
    ...repeated(pipelines.flatMap(variables)).map((name) => `two settings are the variable ${name}`),
  ];
  if (clashes.length > 0) throw new TypeError(`pipelines/ is wrong: ${clashes.join('; ')}`);
  return new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
}

/** A requested run may receive the input of a pipeline that freezes one. */
function wrongInput({ name, trigger }: RequestsPipeline, all: readonly Pipeline[]): readonly string[] {
  const { inputOf } = trigger;
  if (inputOf === undefined || watchesOf(all).some((other) => other.name === inputOf)) return [];
  return [`the pipeline ${name} uses the input of "${inputOf}": expected a pipeline that watches a source`];
}

/** The source and the job of one pipeline may share a setting. */
const variables = (pipeline: Pipeline): readonly string[] => [
  ...new Set(
    [...triggerSettings(pipeline), ...(pipeline.job.settings ?? []), ...secretSettings(pipeline.job)].map(
      (setting) => variableOf(pipeline.name, setting),
    ),
  ),
];

/** Each once: a pipeline that names a service twice was refused when it was defined. */
const serviceFunctions = (pipeline: Pipeline): readonly string[] => [
  ...new Set(pipeline.services?.map((service) => functionOf(pipeline, service))),
];

/** Each once: a pipeline that fills a table twice was refused when it was defined. */
const tableNames = (pipeline: Pipeline): readonly string[] => [...new Set(tablesOf(pipeline).map(tableName))];

/**
 * The value of `byName` for a pipeline. Throws when a message or a call names a pipeline that this deployment does not
 * have; for one that it leaves out, the error names the missing settings.
 */
export function pipelineNamed<T>(byName: ReadonlyMap<string, T>, name: string): T {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const leftOut = loadPipelines().get(name);
  if (leftOut !== undefined)
    throw new PermanentError(whyLeftOut(leftOut), { code: 'PIPELINE_NOT_CONFIGURED' });
  throw new PermanentError(
    `there is no pipeline "${name}": expected one of ${[...byName.keys()].join(', ')}`,
    { code: 'PIPELINE_UNKNOWN' },
  );
}

/** As `pipelineNamed`, for what only a pipeline that watches a source has. */
export function watchNamed(byName: Pipelines, name: string): WatchPipeline {
  const found = pipelineNamed(byName, name);
  if (isWatch(found)) return found;
  throw new PermanentError(
    `the pipeline "${name}" watches no source: its runs are requested over HTTP, with POST /pipeline/run`,
    { code: 'CALL_INVALID' },
  );
}

function whyLeftOut(pipeline: Pipeline): string {
  const { name } = pipeline;
  const keys = neededByTrigger(pipeline).map((setting) => stackKeyOf(name, setting));
  return (
    `the pipeline "${name}" is left out of this deployment: the stack's configuration lacks ` +
    `${keys.join(' and ')}; set it and deploy`
  );
}
