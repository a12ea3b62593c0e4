// The outputs of a pipeline's job, each of a kind: rows of a table, files, a model, or the answer to a request.
import type { z } from 'zod';
import type { Check } from './checks.ts';
import type { Column } from './columns.ts';
import type { FileCheck } from './file-checks.ts';
import { repeated, wrongPattern } from './names.ts';
import { isReservedWord } from './reserved-words.ts';
import type { Trigger } from './trigger.ts';

export type Columns = Readonly<Record<string, Column>>;

export interface TableRef {
  readonly dataset: string;
  readonly table: string;
}

/** A CSV file of the job, whose rows replace those of a table. */
export interface TableOutput<C extends Columns = Columns> {
  readonly kind: 'table';
  readonly file: string;
  /** In the order of the file's header, which must hold exactly these names. */
  readonly columns: C;
  /** No two rows have the same values in these columns. */
  readonly key: readonly (keyof C & string)[];
  readonly checks: readonly Check<keyof C & string>[];
  readonly table: TableRef;
}

/** Files of the job, published together: a reader sees those of one run, never a mix. */
export interface FilesOutput {
  readonly kind: 'files';
  /** The folder under the pipeline's in the export bucket. */
  readonly name: string;
  /** The names of the files, as the job writes them. */
  readonly pattern: RegExp;
  readonly checks: readonly FileCheck[];
}

/** Files that are a model. Every candidate is registered; what is published is the champion. */
export interface ModelOutput {
  readonly kind: 'model';
  /** The folder under the pipeline's in the export bucket, and the model's name in the registry. */
  readonly name: string;
  readonly pattern: RegExp;
  /** The number in the manifest's summary by which candidates are compared. */
  readonly metric: string;
  readonly better: 'lower' | 'higher';
}

/** The answer to a request: one JSON file, and the files that belong to it. Only its requester and approvers read it. */
export interface ResultOutput {
  readonly kind: 'result';
  /** As the job writes it. */
  readonly file: string;
  /** What the file must hold before the run counts as published. */
  readonly schema: z.ZodType;
  /** The names of further files, which the result is published with. */
  readonly attachments?: RegExp;
}

export type Output = TableOutput | FilesOutput | ModelOutput | ResultOutput;
/** Outputs that are published as objects of the export bucket, behind a pointer. */
export type ObjectOutput = FilesOutput | ModelOutput;

/** The types check the column names of the key and of the checks against one another. */
export const table = <const C extends Columns>(output: Omit<TableOutput<C>, 'kind'>): TableOutput =>
  // The column names are checked when this compiles.
  ({ kind: 'table', ...output }) as unknown as TableOutput;

export const files = (output: Omit<FilesOutput, 'kind'>): FilesOutput => ({ kind: 'files', ...output });

export const model = (output: Omit<ModelOutput, 'kind'>): ModelOutput => ({ kind: 'model', ...output });

export const result = (output: Omit<ResultOutput, 'kind'>): ResultOutput => ({ kind: 'result', ...output });

interface HasOutputs {
  readonly outputs: readonly Output[];
}

export const tablesOf = ({ outputs }: HasOutputs): readonly TableOutput[] =>
  outputs.filter((output) => output.kind === 'table');

/** The first table, which stands for the pipeline in messages; undefined where it fills none. */
export const mainTableOf = (pipeline: HasOutputs): TableOutput | undefined => tablesOf(pipeline)[0];

export const objectOutputsOf = ({ outputs }: HasOutputs): readonly ObjectOutput[] =>
  outputs.filter((output) => output.kind === 'files' || output.kind === 'model');

/** The answer that a requested run publishes; undefined for a pipeline that watches a source. */
export const resultOf = ({ outputs }: HasOutputs): ResultOutput | undefined =>
  outputs.find((output) => output.kind === 'result');

/** Whether any of the pipelines publishes files or models. */
export const publishesObjects = (pipelines: readonly HasOutputs[]): boolean =>
  pipelines.some((pipeline) => objectOutputsOf(pipeline).length > 0);

/** `dataset.table`. */
export const tableName = ({ table: { dataset, table: name } }: Pick<TableOutput, 'table'>): string =>
  `${dataset}.${name}`;

/** The name of the main table; empty where the pipeline fills none. */
export function shownTable(pipeline: HasOutputs): string {
  const main = mainTableOf(pipeline);
  return main === undefined ? '' : tableName(main);
}

/** The name of an output for messages: its table, its folder, or its file. */
export function shownOutput(output: Output): string {
  switch (output.kind) {
    case 'table':
      return tableName(output);
    case 'result':
      return `the result ${output.file}`;
    case 'model':
      return `the model ${output.name}`;
    case 'files':
      return `the files in ${output.name}`;
  }
}

/**
 * `The model reg and the model class are published.`, of one model `is`, of one output of files `are`; empty where the
 * pipeline publishes tables alone.
 */
export function publishedObjectsText(pipeline: HasOutputs, [one, many]: readonly [string, string]): string {
  const outputs = objectOutputsOf(pipeline);
  if (outputs.length === 0) return '';
  const isPlural = outputs.length > 1 || outputs[0]?.kind === 'files';
  return `T${outputs.map(shownOutput).join(' and ').slice(1)} ${isPlural ? many : one}.`;
}

const FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.csv$/;
const RESULT_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json$/;
// The attempt's own manifest, beside its files.
const MANIFEST_FILE = 'output.json';
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export const isOutputName = (text: string): boolean => NAME.test(text);

/** What is wrong with a pipeline's outputs, each problem naming what was found and what is accepted. */
export const wrongOutputs = (pipeline: HasOutputs, kind: Trigger['kind']): readonly string[] =>
  kind === 'requests' ? wrongResult(pipeline) : wrongPublished(pipeline);

/** Every accepted request has one answer of its own, and a run of it moves no table and no pointer. */
function wrongResult({ outputs }: HasOutputs): readonly string[] {
  const [only, ...others] = outputs;
  if (only?.kind !== 'result' || others.length > 0)
    return [
      `the outputs are ${outputs.map(({ kind }) => kind).join(', ') || 'none'}: a pipeline with the trigger ` +
        'requests has one output, of the kind result',
    ];
  const { file, attachments } = only;
  return [
    ...(RESULT_FILE.test(file) && file !== MANIFEST_FILE
      ? []
      : [`the result's file "${file}": expected ${RESULT_FILE}, and another name than ${MANIFEST_FILE}`]),
    ...(attachments === undefined ? [] : wrongPattern('the pattern of the attachments', attachments)),
  ];
}

function wrongPublished(pipeline: HasOutputs): readonly string[] {
  const tables = tablesOf(pipeline);
  const objects = objectOutputsOf(pipeline);
  return [
    ...(pipeline.outputs.length === 0 ? ['outputs is empty; expected at least one'] : []),
    ...(resultOf(pipeline) === undefined
      ? []
      : ['an output is a result: only a pipeline with the trigger requests has one']),
    ...tables.flatMap(wrongTable),
    ...objects.flatMap(wrongObjects),
    ...repeated(tables.map(({ file }) => file)).map((file) => `two outputs are the file ${file}`),
    ...repeated(tables.map(tableName)).map((name) => `two outputs fill the table ${name}`),
    ...repeated(objects.map(({ name }) => name)).map((name) => `two outputs are named "${name}"`),
  ];
}

function wrongTable(output: TableOutput): string[] {
  const { file, columns, key } = output;
  const names = Object.keys(columns);
  const identifiers = [...names, output.table.dataset, output.table.table];
  const wrong = identifiers.filter((identifier) => !IDENTIFIER.test(identifier));
  const lost = key.filter((name) => !names.includes(name));
  return [
    ...(FILE.test(file) ? [] : [`the output's file "${file}": expected ${FILE}`]),
    ...lost.map((name) => `${file}: the key names "${name}", which is no column`),
    ...wrong.map((identifier) => `"${identifier}": expected ${IDENTIFIER}`),
    ...identifiers.filter(isReservedWord).map((word) => `"${word}" is a reserved word of GoogleSQL`),
    ...(key.length === 0 ? [`${file}: the key is empty; expected at least one column`] : []),
  ];
}

function wrongObjects(output: ObjectOutput): string[] {
  const { name, pattern } = output;
  return [
    ...(NAME.test(name) ? [] : [`the output's name "${name}": expected ${NAME}`]),
    ...wrongPattern(`the pattern of the output "${name}"`, pattern),
    ...(output.kind === 'model' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(output.metric)
      ? [
          `the model "${name}" has the metric "${output.metric}"; expected the name of a number in the summary`,
        ]
      : []),
    ...(output.kind === 'files'
      ? output.checks.flatMap((check) => wrongPattern(`a check of the output "${name}"`, check.of))
      : []),
  ];
}
