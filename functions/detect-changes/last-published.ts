// The files that the last publication used, without those whose absence an operator has accepted since.
import { readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { runRequest, type RunRequest } from '../../shared/runs/state.ts';
import { isWatchRun, requestObject, sequenceOf, type RunId } from '../../shared/runs/names.ts';
import { isPublished } from '../../shared/runs/published.ts';
import { identityOf } from '../../shared/sources/file-names.ts';
import type { Snapshot } from '../../shared/sources/snapshot.ts';

export interface LastPublished {
  readonly run: RunId;
  readonly files: Snapshot;
}

// How many runs are read, from the newest back. After so many runs without a publication an operator is at work (law 10).
const MOST_RUNS = 50;
// A poll that reached this bound would stop the pipeline: it allows 4,000 objects a run, and a dozen are usual.
const MOST_OBJECTS = 200_000;

/**
 * Called only before a new revision becomes a run: one read of an outcome in nearly every case. With a forced run an
 * operator accepts the files that the source lacks then, whether or not the run was published.
 */
export async function lastPublished(
  runs: ObjectStore,
  pipeline: string,
  newest: RunRequest | undefined,
): Promise<LastPublished | undefined> {
  if (newest === undefined) return undefined;
  const forced: RunRequest[] = [];
  for await (const request of requestsBack(runs, pipeline, newest)) {
    if (await isPublished(runs, pipeline, request.run)) {
      const files = request.snapshot.filter((file) => forced.every(({ snapshot }) => holds(snapshot, file)));
      return { run: request.run, files };
    }
    if (request.nonce !== null) forced.push(request);
  }
  return undefined;
}

/** Whether the snapshot has this file, whatever its content. */
export const holds = (snapshot: Snapshot, { role, name }: { role: string; name: string }): boolean =>
  snapshot.some((file) => file.role === role && identityOf(file.name) === identityOf(name));

/** The newest request, and those before it; runs are listed only if the newest does not suffice. */
async function* requestsBack(
  runs: ObjectStore,
  pipeline: string,
  newest: RunRequest,
): AsyncGenerator<RunRequest> {
  yield newest;
  const first = String(Math.max(1, newest.sequence - MOST_RUNS)).padStart(6, '0');
  const objects = await runs.list(`${pipeline}/`, MOST_OBJECTS, `${pipeline}/${first}`);
  const ids = new Set(objects.map(({ name }) => name.split('/')[1] ?? '').filter(isWatchRun));
  const earlier = [...ids].filter((run) => sequenceOf(run) < newest.sequence);
  for (const run of earlier.sort((a, b) => sequenceOf(b) - sequenceOf(a))) {
    const request = await readJson(runs, requestObject(pipeline, run), runRequest);
    if (request !== undefined) yield request.value;
  }
}
