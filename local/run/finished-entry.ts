// What Cloud Run writes to the audit log when an execution has ended.
import type { ExecutionRecord } from './records.ts';
import { shortName } from './records.ts';
import { completionOf, countsOf, time } from './views.ts';

/** The status code of an execution that failed or was cancelled: ABORTED. */
const ABORTED = 10;

export interface FinishedEntry {
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** The entry of the log `cloudaudit.googleapis.com/system_event`; `execution` has ended. */
export function finishedEntry(execution: ExecutionRecord): FinishedEntry {
  const [, project = '', , location = ''] = execution.name.split('/');
  const name = shortName(execution.name);
  const { message = '' } = completionOf(execution);
  const succeeded = execution.state === 'succeeded';
  const timestamp = time(execution.completedAtMs ?? execution.lastChangeMs);
  return {
    insertId: execution.uid,
    logName: `projects/${project}/logs/cloudaudit.googleapis.com%2Fsystem_event`,
    resource: {
      type: 'cloud_run_job',
      labels: { project_id: project, location, job_name: shortName(execution.job) },
    },
    labels: { 'run.googleapis.com/execution_name': name },
    severity: succeeded ? 'INFO' : 'ERROR',
    timestamp,
    receiveTimestamp: timestamp,
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'run.googleapis.com',
      methodName: '/Jobs.RunJob',
      resourceName: `namespaces/${project}/executions/${name}`,
      status: succeeded ? {} : { code: ABORTED, message },
      response: {
        '@type': 'type.googleapis.com/google.cloud.run.v1.Execution',
        metadata: { name, namespace: project },
        status: {
          conditions: [{ type: 'Completed', status: succeeded ? 'True' : 'False', message }],
          ...countsOf(execution),
        },
      },
    },
  };
}
