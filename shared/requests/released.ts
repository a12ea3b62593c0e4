// The release of a held result: the outcome of its run stands (law 2), so a record of its own publishes the result.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { replayPrefix } from '../runs/names.ts';
import { outcomeIn, runOutcome, type RunOutcome } from '../runs/outcome.ts';

/** One for each `release`, of which the first that published counts. */
const MOST_RELEASES = 100;

/** The release that published the result, or undefined. The ids of commands begin with their time. */
export async function readReleased(
  runs: ObjectStore,
  pipeline: string,
  run: string,
): Promise<RunOutcome | undefined> {
  for (const { name, metadata } of await runs.first(replayPrefix(pipeline, run), MOST_RELEASES)) {
    const shown = outcomeIn(metadata, { pipeline, run });
    if (shown !== undefined && shown.outcome !== 'published') continue;
    const record = (await readJson(runs, name, runOutcome))?.value;
    if (record?.outcome === 'published') return record;
  }
  return undefined;
}
