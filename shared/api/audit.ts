// The audit records of the requests API: who changed what and when, without what was sent.
import { z } from 'zod';
import type { TokenCaller } from '../access/caller.ts';
import { concurrently } from '../concurrently.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import { requester } from '../requests/entry.ts';
import { jobIdOf } from '../requests/names.ts';

export const apiAudit = z.object({
  verb: z.enum(['run', 'cancel', 'approve', 'reject', 'erase']),
  job_id: z.string(),
  by: requester,
  at: z.iso.datetime(),
  trace_id: z.string(),
  /** As the caller gave it; of a request its body's hash. */
  reason: z.string().nullable(),
});
export type ApiAudit = z.infer<typeof apiAudit>;

interface Audited {
  readonly verb: ApiAudit['verb'];
  readonly pipeline: string;
  readonly run: string;
  readonly caller: TokenCaller;
  readonly at: string;
  readonly traceId: string;
  readonly reason: string | null;
}

/** No pipeline can have this name, so commands and calls are listed apart. */
const FOLDER = '_requests';

// Of one listing (law 10). A day's names have no order, so a busy day is listed as far as this.
const MOST_LISTED = 50_000;
const READ_AT_ONCE = 16;
const MS_PER_DAY = 86_400_000;
/** Undefined: from the first on. */
const LOOKBACK_DAYS = [1, 32, undefined];

/**
 * Created before a gate is written, and after a request was accepted; the call is answered only once it stands. `id`
 * tells the calls of one verb apart; the same request again is the same record.
 */
export async function recordCall(
  audit: ObjectStore,
  { verb, pipeline, run, caller, at, traceId, reason }: Audited,
  id = '',
): Promise<void> {
  const { issuer, subject, email } = caller;
  const name = `${FOLDER}/${pipeline}/${at.slice(0, 10)}/${run}-${verb}${id === '' ? '' : `-${id}`}.json`;
  const record = { verb, job_id: jobIdOf(pipeline, run), by: { issuer, subject, email }, at };
  await createOnce(audit, name, apiAudit, { ...record, trace_id: traceId, reason });
}

/** The newest `count` calls that changed something of the pipeline, newest first: of the last day, if these are enough. */
export async function listCalls(
  audit: ObjectStore,
  pipeline: string,
  count: number,
  nowMs: number,
): Promise<readonly ApiAudit[]> {
  const prefix = `${FOLDER}/${pipeline}/`;
  let listed: readonly ObjectInfo[] = [];
  for (const days of LOOKBACK_DAYS) {
    const since = days === undefined ? '' : new Date(nowMs - days * MS_PER_DAY).toISOString().slice(0, 10);
    listed = await audit.first(prefix, MOST_LISTED, prefix + since);
    if (listed.length >= count) break;
  }
  const newest = listed.toSorted((one, other) => other.createdAtMs - one.createdAtMs).slice(0, count);
  const read = await concurrently(newest, READ_AT_ONCE, ({ name }) => readJson(audit, name, apiAudit));
  return read
    .flatMap((record) => record?.value ?? [])
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
