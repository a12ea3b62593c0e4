// The pipelines of a deployment: infra lists the configured ones in a variable of every function.
import type { z } from 'zod';
import { text, type Env } from '../config.ts';
import type { Pipeline } from './pipeline.ts';

/** The names of the deployed pipelines, with commas between them. */
export const DEPLOYED = 'PIPELINES';

export const listOf = (pipelines: readonly Pipeline[]): string => pipelines.map(({ name }) => name).join(',');

const namesIn = (list: string): readonly string[] => list.split(',');

/** For `readConfig`: a list that names a pipeline that the function does not know is wrong. */
export const deployedVariable = (pipelines: ReadonlyMap<string, Pipeline>): Record<string, z.ZodType> => ({
  [DEPLOYED]: text('names of pipelines with commas between them').refine(
    (list) => namesIn(list).every((name) => pipelines.has(name)),
    'expected names of pipelines that this function was bundled with, with commas between them',
  ),
});

/** Those of `pipelines` that the environment lists. */
export function deployedOf(
  pipelines: ReadonlyMap<string, Pipeline>,
  env: Env,
): ReadonlyMap<string, Pipeline> {
  const names = new Set(namesIn(env[DEPLOYED] ?? ''));
  return new Map([...pipelines].filter(([name]) => names.has(name)));
}
