// The audit records of the requests API: who changed what and when, without what was sent.
import { z } from 'zod';
import { concurrently } from '../concurrently.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import { requester, type Requester, type RequestRecord } from '../requests/entry.ts';
import { jobIdOf } from '../requests/names.ts';
import { callerIn } from '../tracing/headers.ts';

export const apiAudit = z.object({
  verb: z.enum(['run', 'cancel', 'approve', 'reject', 'erase']),
  job_id: z.string(),
  by: requester,
  at: z.iso.datetime(),
  /** Null for a request whose entry names no trace. */
  trace_id: z.string().nullable(),
  /** As the caller gave it; of a request its body's hash. */
  reason: z.string().nullable(),
});
export type ApiAudit = z.infer<typeof apiAudit>;

interface Audited {
  readonly verb: ApiAudit['verb'];
  readonly pipeline: string;
  readonly run: string;
  readonly caller: Requester;
  readonly at: string;
  readonly traceId: string | null;
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

type Named = Pick<Audited, 'verb' | 'pipeline' | 'run' | 'at'>;
const auditObject = ({ verb, pipeline, run, at }: Named, id: string): string =>
  `${FOLDER}/${pipeline}/${at.slice(0, 10)}/${run}-${verb}${id === '' ? '' : `-${id}`}.json`;

/**
 * Created before a gate is written, or content is erased; the call is answered only once it stands. `id` tells the calls
 * of one verb apart.
 */
export async function recordCall(audit: ObjectStore, call: Audited, id: string): Promise<void> {
  const { verb, pipeline, run, caller, at, traceId, reason } = call;
  const { issuer, subject, email } = caller;
  const record = { verb, job_id: jobIdOf(pipeline, run), by: { issuer, subject, email }, at };
  await createOnce(audit, auditObject(call, id), apiAudit, { ...record, trace_id: traceId, reason });
}

/**
 * Of an accepted request, from its entry, which holds who asked. The dispatch creates it before the entry can be deleted;
 * the same entry is the same record, however often it is created.
 */
export const recordAccepted = (audit: ObjectStore, record: RequestRecord): Promise<void> =>
  recordCall(
    audit,
    {
      ...{ verb: 'run', pipeline: record.pipeline, run: record.run, caller: record.requester },
      ...{ at: record.acceptedAt, traceId: traceIdIn(record), reason: record.bodyHash },
    },
    '',
  );

const traceIdIn = ({ traceparent }: RequestRecord): string | null =>
  callerIn({ traceparent })?.traceId ?? null;

/** The name of the record of an accepted request. */
export const acceptedObject = ({ pipeline, run, acceptedAt }: RequestRecord): string =>
  auditObject({ verb: 'run', pipeline, run, at: acceptedAt }, '');

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

const ACCEPTED = /\/(r[0-9a-f]{16}-[0-9a-f]{32})-run\.json$/;

export interface Accepted {
  readonly run: string;
  /** When it was recorded: moments after it was accepted. */
  readonly recordedAtMs: number;
}

export interface AcceptedOfDay {
  /** Newest first. */
  readonly accepted: readonly Accepted[];
  /** The day has more records than were listed. */
  readonly isPart: boolean;
}

/** Where the records of a day (UTC) stand, of every call. */
export const dayFolder = (pipeline: string, day: string): string => `${FOLDER}/${pipeline}/${day}/`;

/** The requests that were accepted on a day (UTC): one listing, of at most `most` records. */
export async function listAccepted(
  audit: ObjectStore,
  pipeline: string,
  day: string,
  most: number,
): Promise<AcceptedOfDay> {
  const listed = await audit.first(dayFolder(pipeline, day), most);
  const accepted = listed.flatMap(({ name, createdAtMs: recordedAtMs }) => {
    const run = ACCEPTED.exec(name)?.[1];
    return run === undefined ? [] : [{ run, recordedAtMs }];
  });
  return {
    accepted: accepted.toSorted((one, other) => other.recordedAtMs - one.recordedAtMs),
    isPart: listed.length === most,
  };
}

/** The last day (UTC) with a record of the pipeline, as far as a listing reaches; undefined: there is none. */
export async function newestDay(
  audit: ObjectStore,
  pipeline: string,
  nowMs: number,
  most: number,
): Promise<string | undefined> {
  const prefix = `${FOLDER}/${pipeline}/`;
  for (const days of LOOKBACK_DAYS) {
    const since = days === undefined ? '' : new Date(nowMs - days * MS_PER_DAY).toISOString().slice(0, 10);
    const listed = await audit.first(prefix, most, prefix + since);
    const newest = listed.at(-1)?.name.slice(prefix.length).split('/')[0];
    if (newest !== undefined) return newest;
  }
  return undefined;
}
