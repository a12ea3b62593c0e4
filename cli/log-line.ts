// A line of a job's log for people: its time, its severity and its message. JSON keeps the whole line.
import { z } from 'zod';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { visibleLine } from './terminal.ts';
import { localTime } from './times.ts';

const logged = z.object({
  severity: z.string(),
  time: z.iso.datetime(),
  message: z.string(),
  code: z.string().optional(),
  /** Of an error. */
  stack_trace: z.string().optional(),
});

/** `2026-11-27 00:21:07  wrote 4956 rows`; a line that is no structured one stays as it is. */
export function logLineText(line: string, pipeline: Pipeline): string {
  const parsed = logged.safeParse(jsonIn(line));
  if (!parsed.success) return line;
  const { severity, time, message, code, stack_trace: stack } = parsed.data;
  const mark = severity === 'INFO' ? '' : `${severity} `;
  const text = `${localTime(pipeline, time)}  ${mark}${message}${code === undefined ? '' : ` (${code})`}`;
  return visibleLine(stack === undefined ? text : `${text}\n${stack}`);
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A runtime or a library prints lines of its own.
    return undefined;
  }
}
