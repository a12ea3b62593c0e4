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

/** Throws when a message or a request names a pipeline that this deployment does not hold. */
export function pipelineNamed(pipelines: Pipelines, name: string): Pipeline {
  const pipeline = pipelines.get(name);
  if (pipeline !== undefined) return pipeline;
  throw new PermanentError(
    `there is no pipeline "${name}": expected one of ${[...pipelines.keys()].join(', ')}`,
  );
}
