// Whether the rows of a run have ever been published: by the run itself, or by a replay of its output.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { replayPrefix, type RunId } from './names.ts';
import { readOutcome, runOutcome } from './outcome.ts';

// People ask for replays, one at a time.
const MOST_REPLAYS = 100_000;

/** A held run that was released counts: the replay is what published it. */
export async function isPublished(runs: ObjectStore, pipeline: string, run: RunId): Promise<boolean> {
  const own = await readOutcome(runs, pipeline, run);
  if (own === undefined || own.outcome === 'published') return own !== undefined;
  const replays = await runs.list(replayPrefix(pipeline, run), MOST_REPLAYS);
  for (const { name } of replays) {
    if ((await readJson(runs, name, runOutcome))?.value.outcome === 'published') return true;
  }
  return false;
}
