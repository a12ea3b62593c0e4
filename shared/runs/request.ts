// A run's request as one function call reads it: once, when it is first asked for.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { runRequest, type RunRequest } from './state.ts';
import { requestObject, type RunId } from './names.ts';

/** Gives the request, or undefined when its object is not there. */
export type AskForRequest = () => Promise<RunRequest | undefined>;

/** For one function call, which hands it on: what was read is given again. */
export function requestReader(runs: ObjectStore, pipeline: string, run: RunId): AskForRequest {
  let read: ReturnType<AskForRequest> | undefined;
  const readOnce = async () => (await readJson(runs, requestObject(pipeline, run), runRequest))?.value;
  return () => (read ??= readOnce());
}
