// What a form showed, as a name: a form that is sent when something else stands acts on nothing.
import { createHash } from 'node:crypto';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { Ports } from '../ports.ts';
import { versionOf } from './pipelines.ts';

const MOST_OBJECTS = 300;

/** Of the state, the lease and, where the command is about a run, every object of its folder. */
export async function seenOf(pipeline: Pipeline, run: string | null, ports: Ports): Promise<string> {
  const [version, folder] = await Promise.all([
    versionOf(pipeline, ports),
    run === null ? [] : ports.runs.first(`${pipeline.name}/${run}/`, MOST_OBJECTS),
  ]);
  return nameOf([version, ...folder.map(({ name, generation }) => `${name} ${generation}`)]);
}

export const nameOf = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
