// A line of a job's log for people: its time, its severity and its message.
import type { LogLine } from '../shared/executions/job-log.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { visibleLine } from './terminal.ts';
import { localTime } from './times.ts';

const WITHOUT_MARK = ['INFO', 'DEFAULT'];

/** `2026-11-27 00:21:07  wrote 4956 rows`. */
export function logLineText({ at, severity, text }: LogLine, pipeline: Pipeline): string {
  const mark = WITHOUT_MARK.includes(severity) ? '' : `${severity} `;
  return visibleLine(`${localTime(pipeline, at)}  ${mark}${text}`);
}
