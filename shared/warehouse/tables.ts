// The tables that hold a pipeline's rows: the published ones, and their staging tables.
import type { Column, ColumnType } from '../pipelines/columns.ts';
import type { TableRef, TableOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import type { RunId } from '../runs/names.ts';

export interface Field {
  readonly name: string;
  readonly type: ColumnType | 'TIMESTAMP';
  readonly mode: 'NULLABLE' | 'REQUIRED';
}

/** The columns of the published table: all nullable, as dashboards expect; the checks refuse nulls. */
export const publishedFields = (target: TableOutput): readonly Field[] =>
  Object.entries(target.columns).map(([name, column]: [string, Column]) => ({
    name,
    type: column.type,
    mode: 'NULLABLE',
  }));

/** Staging tables are in a dataset of their own, whose tables expire by themselves. */
export const stagingDataset = (dataset: string): string => `${dataset}_staging`;

export const stagingTable = ({ table }: TableOutput, publication: string): TableRef => ({
  dataset: stagingDataset(table.dataset),
  table: `${publication.replaceAll('-', '_')}_${table.table}`,
});

/** The name of a run's own publication, or of a replay. It is part of job ids and table names. */
export const publicationId = (pipeline: Pipeline, run: RunId, replay: string | undefined): string =>
  replay === undefined ? `${pipeline.name}-${run}` : `${pipeline.name}-${run}-replay-${replay}`;

/** Names the staging tables of a plan, separate from those of any publication. */
export const planningId = (pipeline: Pipeline, run: RunId, nonce: string): string =>
  `${pipeline.name}-${run}-plan-${nonce}`;
