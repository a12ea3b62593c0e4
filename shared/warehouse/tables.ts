// The tables of a pipeline: the one people read, its staging, the ledger, and the view of its freshness.
import type { Column, ColumnType } from '../pipelines/columns.ts';
import type { Pipeline, TableRef, Target } from '../pipelines/pipeline.ts';
import type { RunId } from '../runs/names.ts';

export interface Field {
  readonly name: string;
  readonly type: ColumnType | 'TIMESTAMP';
  readonly mode: 'NULLABLE' | 'REQUIRED';
}

/** The columns of the published table: nullable all, as dashboards expect; the checks refuse nulls. */
export const publishedFields = (target: Target): readonly Field[] =>
  Object.entries(target.output.columns).map(([name, column]: [string, Column]) => ({
    name,
    type: column.type,
    mode: 'NULLABLE',
  }));

/** One row per publication (law 6). It is what makes a publication happen once. */
export const LEDGER_FIELDS: readonly Field[] = [
  { name: 'publication_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'pipeline', type: 'STRING', mode: 'REQUIRED' },
  { name: 'run', type: 'STRING', mode: 'REQUIRED' },
  { name: 'attempt', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'sequence', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'kind', type: 'STRING', mode: 'REQUIRED' },
  /** Of the pipeline's first table. */
  { name: 'row_count', type: 'INTEGER', mode: 'REQUIRED' },
  /** What the job said of its output, as JSON: the gate compares the next run with it. */
  { name: 'summary', type: 'STRING', mode: 'NULLABLE' },
  { name: 'published_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
];

export const ledgerTable = (pipeline: Pipeline): TableRef => ({
  dataset: pipeline.table.dataset,
  table: 'publications',
});

/** Staging tables live in a dataset of their own, whose tables expire by themselves. */
export const stagingDataset = (dataset: string): string => `${dataset}_staging`;

export const stagingTable = ({ table }: Target, publication: string): TableRef => ({
  dataset: stagingDataset(table.dataset),
  table: `${publication.replaceAll('-', '_')}_${table.table}`,
});

export const freshnessView = (pipeline: Pipeline): TableRef => ({
  dataset: pipeline.table.dataset,
  table: `${pipeline.table.table}_freshness`,
});

/** How fresh the table is: its newest publication, for a dashboard to show. */
export const freshnessQuery = (project: string, pipeline: Pipeline): string =>
  `SELECT run, kind, row_count, published_at FROM \`${project}.${pipeline.table.dataset}.publications\` ` +
  `WHERE pipeline = '${pipeline.name}' ORDER BY published_at DESC LIMIT 1`;

/** The name of a run's own publication, or of a replay. It is part of job ids and table names. */
export const publicationId = (pipeline: Pipeline, run: RunId, replay: string | undefined): string =>
  replay === undefined ? `${pipeline.name}-${run}` : `${pipeline.name}-${run}-replay-${replay}`;
