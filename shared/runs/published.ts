// Whether the output of a run was ever published: by the run itself, or by a replay.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { replayPrefix, type RunId } from './names.ts';
import { readOutcome, runOutcome } from './outcome.ts';

// Operators request replays, one at a time.
const MOST_REPLAYS = 100_000;

/** A held run that was released counts: its replay published it. */
export async function isPublished(runs: ObjectStore, pipeline: string, run: RunId): Promise<boolean> {
  const own = await readOutcome(runs, pipeline, run);
  if (own === undefined || own.outcome === 'published') return own !== undefined;
  const replays = await runs.list(replayPrefix(pipeline, run), MOST_REPLAYS);
  for (const { name } of replays) {
    if ((await readJson(runs, name, runOutcome))?.value.outcome === 'published') return true;
  }
  return false;
}
