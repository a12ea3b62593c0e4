// The stores that a command reads, as the functions have them.
import {
  auditBucketOf,
  exportsBucketOf,
  requestsBucketOf,
  resultsBucketOf,
  runsBucketOf,
} from '../../shared/deployment.ts';
import { commandLine } from '../../shared/command-line.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { isRunId, type RunId } from '../../shared/runs/names.ts';
import type { Target } from '../target.ts';

const storeOf =
  (bucketOf: (project: string) => string) =>
  ({ config }: Target) =>
    gcsStore(bucketOf(config.GOOGLE_CLOUD_PROJECT), config);

export const runsOf = storeOf(runsBucketOf);
export const resultsOf = storeOf(resultsBucketOf);
export const requestsOf = storeOf(requestsBucketOf);
export const exportsOf = storeOf(exportsBucketOf);
export const auditOf = storeOf(auditBucketOf);

/** Typed text becomes part of object names. */
export function checkedRunId(id: string): RunId {
  if (isRunId(id)) return id;
  throw new ConfigurationError(`"${id}" is not a run id; expected one like 000005-3fa9c1d2`);
}

/** What an error adds where a run was not found. */
export const toListRuns = ({ name }: Pipeline): string => `To list the runs: ${commandLine(name, 'runs')}`;
