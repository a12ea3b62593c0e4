// What files say and what the job makes of them: small enough that a table tells which revision it came from.
import { createHash } from 'node:crypto';
import { carmila } from '../../pipelines/carmila.ts';
import { minutes } from '../../shared/pipelines/duration.ts';
import { tablesOf, type TableOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';

/** The real pipeline, with a shorter job, so that a hanging one does not cost hours of sweeps. */
export const pipeline: Pipeline = { ...carmila, job: { ...carmila.job, timeout: minutes(30) } };

/** A word in a workbook that makes trouble of its kind. */
export const TROUBLES = ['refused', 'broken', 'worse', 'unreadable'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface InputFile {
  readonly role: string;
  readonly name: string;
  readonly text: string;
}

export const troublesOf = (files: readonly InputFile[]): readonly Trouble[] =>
  TROUBLES.filter((trouble) => files.some(({ text }) => text.includes(trouble)));

export const wapeOf = (files: readonly InputFile[]): number =>
  troublesOf(files).includes('worse') ? 0.5 : 0.1;

/** What the gate reads: two weeks of days, each with that error. */
export const summaryOf = (files: readonly InputFile[]) => ({
  wape: wapeOf(files),
  errorsByDay: Array.from({ length: 14 }, (_, index) => [
    `2024-12-${String(index + 1).padStart(2, '0')}`,
    wapeOf(files) * 100,
    100,
  ]),
});

const DATES = ['2025-01-01', '2025-01-02', '2025-01-03'];

/** The rows of one attempt's output: another attempt's differ, as those of another day do. */
export function rowsOf(target: TableOutput, files: readonly InputFile[], attempt: number): readonly string[] {
  const text = files.map(({ role, name, text }) => `${role} ${name} ${text}`).join('\n');
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const first: Readonly<Record<string, string>> = { nom_mall: fingerprint, cluster: `attempt-${attempt}` };
  const dates = troublesOf(files).includes('broken') ? [...DATES, '2025-01-03'] : DATES;
  const columns = Object.keys(target.columns);
  return dates.map((date) =>
    columns.map((column) => (column === 'date' ? date : (first[column] ?? '1'))).join(','),
  );
}

export const csvOf = (target: TableOutput, files: readonly InputFile[], attempt: number): string =>
  `${[Object.keys(target.columns).join(','), ...rowsOf(target, files, attempt)].join('\n')}\n`;

export const targets = tablesOf(pipeline);
