// What files say and what the job makes of them: small enough that a table tells which revision it came from.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { carmila } from '../../pipelines/carmila.ts';
import { minutes } from '../../shared/pipelines/duration.ts';
import { countWithin, jsonFile } from '../../shared/pipelines/file-checks.ts';
import { files, model, type ObjectOutput, type TableOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';

const MAP = /^map-\d\.json$/;
const mapsThatAre = (schema: z.ZodType) =>
  files({ name: 'maps', pattern: MAP, checks: [countWithin(MAP, 2, 2), jsonFile(MAP, schema)] });
export const best = model({ name: 'best', pattern: /^model\.json$/, metric: 'error', better: 'lower' });

/** The real pipeline, with a shorter job, so that a hanging one does not cost hours of sweeps; and with outputs of every kind. */
export const pipeline: Pipeline = {
  ...carmila,
  job: { ...carmila.job, timeout: minutes(30) },
  // What is broken is for the checks of the tables to find.
  outputs: [...carmila.outputs, mapsThatAre(z.object({ of: z.string() })), best],
};

/** The same without a table: nothing but its lock keeps two of its publications apart. */
export const pipelineWithoutTables: Pipeline = {
  ...pipeline,
  outputs: [mapsThatAre(z.object({ broken: z.literal(false) })), best],
};

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

function fingerprintOf(files: readonly InputFile[], apart = ''): string {
  const text = files.map(({ role, name, text }) => `${role} ${name} ${text}`).join('\n');
  return createHash('sha256').update(`${text}${apart}`).digest('hex').slice(0, 16);
}

/** The rows of one attempt's output: another attempt's differ, as those of another day do. */
export function rowsOf(target: TableOutput, files: readonly InputFile[], attempt: number): readonly string[] {
  const fingerprint = fingerprintOf(files);
  const first: Readonly<Record<string, string>> = { nom_mall: fingerprint, cluster: `attempt-${attempt}` };
  const dates = troublesOf(files).includes('broken') ? [...DATES, '2025-01-03'] : DATES;
  const columns = Object.keys(target.columns);
  return dates.map((date) =>
    columns.map((column) => (column === 'date' ? date : (first[column] ?? '1'))).join(','),
  );
}

export const csvOf = (target: TableOutput, files: readonly InputFile[], attempt: number): string =>
  `${[Object.keys(target.columns).join(','), ...rowsOf(target, files, attempt)].join('\n')}\n`;

/** The files of one attempt's output, small enough to be distinguished by their content. */
export function objectsOf(output: ObjectOutput, files: readonly InputFile[], attempt: number) {
  const names = output.kind === 'model' ? ['model.json'] : ['map-1.json', 'map-2.json'];
  const broken = troublesOf(files).includes('broken');
  const of = `${fingerprintOf(files)} attempt-${attempt}`;
  return names.map((name) => ({ name, text: JSON.stringify({ name, of, broken }) }));
}

/** What the job measures of its candidate on the rows of these files. */
export const errorOf = (files: readonly InputFile[], apart = ''): number =>
  Number.parseInt(fingerprintOf(files, apart).slice(0, 4), 16);

/** One of two recipes, drawn from what it is the recipe of. */
export const recipeOf = (publication: string): string =>
  createHash('sha256').update(publication).digest()[0]! % 2 === 0 ? 'trees' : 'network';

/** The champion's recipe, measured on the same rows: one recipe errs alike, whatever data it was fitted to before. */
export const championsErrorOf = (files: readonly InputFile[], own: string, champion: string): number =>
  recipeOf(own) === recipeOf(champion) ? errorOf(files) : errorOf(files, champion);
