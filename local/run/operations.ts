// Long-running operations: what the clients poll until an execution has ended.
import type { ExecutionRecord } from './records.ts';
import type { RunJobs } from './jobs.ts';
import type { OperationRecord } from './store.ts';
import { completionOf, executionView, jobView, type EnumEncoding } from './views.ts';

type Json = Record<string, unknown>;

const TYPES = 'type.googleapis.com/google.cloud.run.v2.';
const ABORTED = 10;
const CANCELLED = 1;

/** The operation as the API shows it; its metadata is the execution as it stands now. */
export function operationView(jobs: RunJobs, operation: OperationRecord, encoding: EnumEncoding): Json {
  const { name, kind, target } = operation;
  if (kind === 'create' || kind === 'delete')
    return { name, done: true, ...targetOf(jobs, operation, encoding) };
  const execution = jobs.execution(target);
  const view = { '@type': `${TYPES}Execution`, ...executionView(execution, encoding) };
  if (execution.state === 'running') return { name, metadata: view, done: false };
  if (kind === 'cancel' || execution.state === 'succeeded') {
    return { name, metadata: view, done: true, response: view };
  }
  return { name, metadata: view, done: true, error: errorOf(execution) };
}

function targetOf(jobs: RunJobs, { kind, target }: OperationRecord, encoding: EnumEncoding): Json {
  // What was deleted can no longer be shown.
  if (kind === 'delete') return { response: { '@type': `${TYPES}${kindOf(target)}`, name: target } };
  return { response: { '@type': `${TYPES}Job`, ...jobView(jobs.job(target), 0, undefined, encoding) } };
}

const kindOf = (name: string): string => (name.includes('/executions/') ? 'Execution' : 'Job');

const errorOf = (execution: ExecutionRecord): Json => ({
  code: execution.state === 'cancelled' ? CANCELLED : ABORTED,
  message: completionOf(execution).message ?? '',
});
