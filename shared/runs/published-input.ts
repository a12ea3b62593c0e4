// The frozen input of a pipeline's newest published run, for a pipeline whose runs use it.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { inputManifest, type InputManifest } from './input.ts';
import { inputObject, isWatchRun, sequenceOf } from './names.ts';
import { isPublished } from './published.ts';
import { readState } from './state.ts';

// After so many runs without a publication an operator is at work (law 10).
const MOST_RUNS = 50;
const MOST_OBJECTS = 200_000;

/** Undefined where none of the last runs was published. One state and one outcome are read in nearly every case. */
export async function newestPublishedInput(
  runs: ObjectStore,
  pipeline: string,
): Promise<InputManifest | undefined> {
  const newest = (await readState(runs, pipeline))?.value.request;
  if (newest === null || newest === undefined) return undefined;
  if (await isPublished(runs, pipeline, newest.run)) return inputOf(runs, pipeline, newest.run);
  const first = String(Math.max(1, newest.sequence - MOST_RUNS)).padStart(6, '0');
  const objects = await runs.list(`${pipeline}/`, MOST_OBJECTS, `${pipeline}/${first}`);
  const ids = [...new Set(objects.map(({ name }) => name.split('/')[1] ?? '').filter(isWatchRun))];
  const earlier = ids.filter((run) => sequenceOf(run) < newest.sequence);
  for (const run of earlier.sort((a, b) => sequenceOf(b) - sequenceOf(a)))
    if (await isPublished(runs, pipeline, run)) return inputOf(runs, pipeline, run);
  return undefined;
}

const inputOf = async (runs: ObjectStore, pipeline: string, run: string) =>
  (await readJson(runs, inputObject(pipeline, run), inputManifest))?.value;
