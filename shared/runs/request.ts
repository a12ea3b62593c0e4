// A run's request, read at most once in a function call.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { runRequest, type RunRequest } from './state.ts';
import { requestObject, type RunId } from './names.ts';

/** Returns the request, or undefined when its object does not exist. */
export type ReadRequest = () => Promise<RunRequest | undefined>;

/** For one function call: the second read returns the result of the first. */
export function requestReader(runs: ObjectStore, pipeline: string, run: RunId): ReadRequest {
  let read: ReturnType<ReadRequest> | undefined;
  const readOnce = async () => (await readJson(runs, requestObject(pipeline, run), runRequest))?.value;
  return () => (read ??= readOnce());
}
