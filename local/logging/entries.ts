// The entries of an execution's log, from the file that the execution writes: as Cloud Run has Cloud Logging keep them.
import { existsSync, readFileSync } from 'node:fs';
import { shortName, type ExecutionRecord } from '../run/records.ts';
import type { LogEntry } from './filter.ts';

const TRACE = 'logging.googleapis.com/trace';
const SPAN = 'logging.googleapis.com/spanId';
const SAMPLED = 'logging.googleapis.com/trace_sampled';
const SEVERITIES = [
  ...['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'],
];

/** In the order of writing. A line without a time has that of the line before it. */
export function entriesOf(execution: ExecutionRecord): readonly LogEntry[] {
  if (!existsSync(execution.logFile)) return [];
  const [, project = '', , location = ''] = execution.name.split('/');
  const name = shortName(execution.name);
  let timestamp = new Date(execution.startedAtMs ?? execution.createdAtMs).toISOString();
  const lines = readFileSync(execution.logFile, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const said = fieldsIn(line);
    timestamp = said?.timestamp ?? timestamp;
    return {
      insertId: `${execution.uid}-${String(index).padStart(7, '0')}`,
      logName: `projects/${project}/logs/run.googleapis.com%2Fstdout`,
      resource: {
        type: 'cloud_run_job',
        labels: { project_id: project, location, job_name: shortName(execution.job) },
      },
      labels: { 'run.googleapis.com/execution_name': name },
      receiveTimestamp: timestamp,
      ...(said?.entry ?? { textPayload: line }),
      timestamp,
    };
  });
}

interface Said {
  readonly timestamp: string | undefined;
  readonly entry: LogEntry;
}

/** A line that is one JSON object: its special fields become fields of the entry, and the others its payload. */
function fieldsIn(line: string): Said | undefined {
  const parsed = objectIn(line);
  if (parsed === undefined) return undefined;
  const { severity, time, [TRACE]: trace, [SPAN]: spanId, [SAMPLED]: traceSampled, ...jsonPayload } = parsed;
  const timestamp = typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : undefined;
  return {
    timestamp,
    entry: {
      jsonPayload,
      ...(SEVERITIES.includes(String(severity)) && { severity }),
      ...(trace !== undefined && { trace }),
      ...(spanId !== undefined && { spanId }),
      ...(traceSampled !== undefined && { traceSampled }),
    },
  };
}

function objectIn(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    // Text that only begins like an object.
    return undefined;
  }
}
