// Publications as the folders of runs record them, for a page whose ledger is silent: enough to find what one stored.
import { listRunsOf, readRun, readStatus } from '../../../shared/history/history.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { isWatchRun, type RunId } from '../../../shared/runs/names.ts';
import { publicationId } from '../../../shared/warehouse/tables.ts';
import type { PublicationShown } from './ledger.ts';

export type Recorded = Pick<PublicationShown, 'id' | 'run' | 'attempt' | 'publishedAt'>;

/** So many runs back. */
const RUNS = 20;

/** Undefined: none of the newest runs was published. The ledger alone says that no other followed. */
export async function newestRecorded(pipeline: Pipeline, runs: ObjectStore): Promise<Recorded | undefined> {
  const status = await readStatus(runs, pipeline.name);
  const summaries = await listRunsOf(runs, pipeline.name, { count: RUNS, status });
  const [newest] = summaries
    .flatMap(({ run, outcome, republished }) =>
      [outcome, republished].flatMap((end) => (end?.outcome === 'published' ? [{ run, at: end.at }] : [])),
    )
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  if (newest === undefined) return undefined;
  return (await recordedOf(pipeline, newest.run, runs)).find(({ publishedAt }) => publishedAt === newest.at);
}

/** Undefined: no folder records it. */
export async function recordedNamed(
  id: string,
  pipeline: Pipeline,
  runs: ObjectStore,
): Promise<Recorded | undefined> {
  const run = id.slice(pipeline.name.length + 1).split('-replay-', 1)[0] ?? '';
  if (!isWatchRun(run)) return undefined;
  return (await recordedOf(pipeline, run, runs)).find((each) => each.id === id);
}

async function recordedOf(pipeline: Pipeline, run: RunId, runs: ObjectStore): Promise<readonly Recorded[]> {
  const history = await readRun(runs, pipeline.name, run);
  const ends = [
    { nonce: undefined, outcome: history?.outcome },
    ...(history?.replays ?? []).map(({ nonce, outcome }) => ({ nonce, outcome })),
  ];
  return ends.flatMap(({ nonce, outcome }) =>
    outcome?.outcome === 'published'
      ? [
          {
            ...{ id: publicationId(pipeline, run, nonce), run },
            ...{ attempt: outcome.attempt, publishedAt: outcome.at },
          },
        ]
      : [],
  );
}
