// Copies a request from its entry: its audit record, the owner's index of jobs, the content apart, and the run's record.
import { recordAccepted } from '../../../shared/api/audit.ts';
import { createOnce, notThere, readJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import {
  queueEntry,
  requestContent,
  requestRecord,
  type QueueEntry,
  type RequestRecord,
} from '../../../shared/requests/entry.ts';
import { contentObject, jobObject, queueObject } from '../../../shared/requests/names.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import type { DispatchPorts } from './ports.ts';

type PreparePorts = Pick<DispatchPorts, 'runs' | 'requests' | 'audit' | 'recall'>;

const MOST_RECALLED = 20_000;

/**
 * Idempotent. `request.json` is written last: where it exists, the rest does too. Returns the record, or undefined where
 * there is neither entry nor copy.
 */
export async function prepareRequest(
  pipeline: string,
  run: string,
  ports: PreparePorts,
): Promise<RequestRecord | undefined> {
  const name = requestObject(pipeline, run);
  const copied = await readJson(ports.runs, name, requestRecord);
  if (copied !== undefined) return remember(run, copied.value, ports);
  const entry = await readJson(ports.requests, queueObject(pipeline, run), queueEntry);
  if (entry === undefined) return undefined;
  const { record } = entry.value;
  await recordAccepted(ports.audit, record);
  await copyContent(pipeline, run, entry.value, ports);
  await createIndex(jobObject(pipeline, run, Date.parse(record.acceptedAt)), ports.requests);
  return remember(run, await createOnce(ports.runs, name, requestRecord, record), ports);
}

/** Create-only: it cannot undo a tombstone. */
async function copyContent(pipeline: string, run: string, { parameters }: QueueEntry, ports: PreparePorts) {
  await createOnce(ports.requests, contentObject(pipeline, run), requestContent, {
    kind: 'content',
    parameters,
  });
}

/** An empty object: nothing in it tells its writer, and any writer's is right. */
async function createIndex(name: string, requests: ObjectStore): Promise<void> {
  const answer = await requests.create(name, '', 'text/plain');
  if (answer.kind === 'unknown' && (await requests.info(name)) === undefined)
    throw notThere(requests, name, answer);
}

function remember(run: string, record: RequestRecord, { recall }: PreparePorts): RequestRecord {
  if (recall.prepared.size >= MOST_RECALLED) recall.prepared.clear();
  recall.prepared.add(run);
  return record;
}
