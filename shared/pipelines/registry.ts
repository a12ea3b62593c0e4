// Finds the pipelines: every file of `pipelines/` exports one, and adding a file touches nothing else.
import { readdirSync } from 'node:fs';
import { PermanentError } from '../errors.ts';
import type { Pipeline } from './pipeline.ts';

const FOLDER = new URL('../../pipelines/', import.meta.url);

export type Pipelines = ReadonlyMap<string, Pipeline>;

export async function loadPipelines(): Promise<Pipelines> {
  const pipelines = new Map<string, Pipeline>();
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .sort()) {
    const module = (await import(new URL(file, FOLDER).href)) as Record<string, Pipeline>;
    for (const pipeline of Object.values(module)) {
      if (pipelines.has(pipeline.name)) throw new TypeError(`two pipelines are named "${pipeline.name}"`);
      pipelines.set(pipeline.name, pipeline);
    }
  }
  return pipelines;
}

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
