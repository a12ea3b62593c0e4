// The audit records of the requests API: who changed what and when, without what was sent.
import { z } from 'zod';
import type { TokenCaller } from '../access/caller.ts';
import { createOnce } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
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
