// The audit records of the requests API: who changed what and when, without what was sent.
import { z } from 'zod';
import { createOnce } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
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
