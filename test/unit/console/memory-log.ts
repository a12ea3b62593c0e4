// A job's log in memory, whose pages are named by the number of their first line.
import type { JobLog, LogLine, LogPage, WantedLines } from '../../../shared/executions/job-log.ts';

export class MemoryLog implements JobLog {
  readonly lines: LogLine[] = [];
  reads = 0;

  read(_execution: string, { most, page }: WantedLines): Promise<LogPage> {
    this.reads += 1;
    const end = page === undefined ? this.lines.length : Number(page);
    const start = Math.max(0, end - most);
    return Promise.resolve({
      lines: this.lines.slice(start, end),
      earlier: start === 0 ? null : String(start),
    });
  }

  queryOf(execution: string): string {
    return `execution="${execution}"`;
  }
}
