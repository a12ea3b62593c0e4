// The invariants of a load test: accepted = entries + outcomes; at the end accepted = outcomes; each that ended is recorded.
import { auditBucketOf, requestsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import type { GoogleConfig } from '../../shared/google/endpoints.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { parseJobId, queuePrefix } from '../../shared/requests/names.ts';

export interface CheckedLoad {
  readonly answers: number;
  readonly jobs: number;
  readonly ended: number;
  readonly entries: number;
  /** Accepted, and neither in the queue nor ended. */
  readonly lost: readonly string[];
  /** Ended, and without an audit record. */
  readonly unrecorded: readonly string[];
  /** In the queue, and the script saw no answer. */
  readonly unknown: number;
}

/** In this order: an entry leaves the queue after its outcome and its audit record, so a job is found in one of them. */
export async function checkLoad(
  config: GoogleConfig,
  pipeline: string,
  ids: readonly string[],
): Promise<CheckedLoad> {
  const store = (bucketOf: (project: string) => string) =>
    gcsStore(bucketOf(config.GOOGLE_CLOUD_PROJECT), config);
  const asked = new Set(ids.map((id) => parseJobId(id)?.run ?? id));
  const entries = await runsIn(store(requestsBucketOf), queuePrefix(pipeline), /\/([^/]+)$/);
  const outcomes = await runsIn(store(runsBucketOf), `${pipeline}/`, /\/([^/]+)\/outcome\.json$/);
  const recorded = await runsIn(store(auditBucketOf), `_requests/${pipeline}/`, /\/([^/]+)-run\.json$/);
  const ended = [...asked].filter((run) => outcomes.has(run));
  return {
    ...{ answers: ids.length, jobs: asked.size, ended: ended.length, entries: entries.size },
    lost: [...asked].filter((run) => !outcomes.has(run) && !entries.has(run)),
    unrecorded: ended.filter((run) => !recorded.has(run)),
    unknown: [...entries].filter((run) => !asked.has(run)).length,
  };
}

const PAGE = 1000;

/** The runs that the names tell, page by page: the objects of a million jobs do not fit into memory. */
async function runsIn(store: ObjectStore, prefix: string, name: RegExp): Promise<ReadonlySet<string>> {
  const runs = new Set<string>();
  let from: string | undefined;
  for (;;) {
    const page = await store.first(prefix, PAGE, from);
    for (const object of page) {
      const run = name.exec(object.name)?.[1];
      if (run !== undefined) runs.add(run);
    }
    const last = page.at(-1)?.name;
    if (page.length < PAGE || last === undefined) return runs;
    // Again from the last one, which is counted once.
    from = last;
  }
}
