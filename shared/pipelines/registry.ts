// Finds the pipelines: every file of `pipelines/` exports one, and adding a file touches nothing else.
import { PermanentError } from '../errors.ts';
import { modules } from './modules.ts';
import { repeated } from './names.ts';
import { tableName, tablesOf } from './outputs.ts';
import { jobNameOf, type Pipeline } from './pipeline.ts';

export type Pipelines = ReadonlyMap<string, Pipeline>;

/** Throws a `TypeError` that names everything in which two pipelines stand in each other's way. */
export const loadPipelines = (): Pipelines =>
  gatherPipelines(modules.flatMap((module) => Object.values(module) as Pipeline[]));

export function gatherPipelines(pipelines: readonly Pipeline[]): Pipelines {
  const clashes = [
    ...repeated(pipelines.map(({ name }) => name)).map((name) => `two pipelines are named "${name}"`),
    ...repeated(pipelines.flatMap(tableNames)).map((table) => `two pipelines fill the table ${table}`),
    // `a-b` with the image `c`, and `a` with `b-c`.
    ...repeated(pipelines.map(jobNameOf)).map((job) => `two pipelines have the job ${job}`),
  ];
  if (clashes.length > 0) throw new TypeError(`pipelines/ is wrong: ${clashes.join('; ')}`);
  return new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
}

/** Each once: what one pipeline fills twice was refused when it was defined. */
const tableNames = (pipeline: Pipeline): readonly string[] => [...new Set(tablesOf(pipeline).map(tableName))];

/**
 * What `byName` holds for a pipeline. Throws when a message or a request names a pipeline that this
 * deployment does not have.
 */
export function pipelineNamed<T>(byName: ReadonlyMap<string, T>, name: string): T {
  const found = byName.get(name);
  if (found !== undefined) return found;
  throw new PermanentError(
    `there is no pipeline "${name}": expected one of ${[...byName.keys()].join(', ')}`,
  );
}
