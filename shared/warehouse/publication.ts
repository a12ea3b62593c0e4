// The publication: new rows and their ledger entry, visible together or not at all (law 6).
import { targetsOf, type Pipeline, type Target } from '../pipelines/pipeline.ts';
import { sequenceOf, type RunId } from '../runs/names.ts';
import { ledgerTable, stagingTable } from './tables.ts';
import type { Parameter, Warehouse } from './warehouse.ts';

export interface Publication {
  readonly id: string;
  readonly pipeline: Pipeline;
  readonly run: RunId;
  readonly attempt: number;
  readonly kind: 'run' | 'replay';
  readonly rows: number;
  /** What the job said of its output, for the ledger. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** A replay may put older rows back; a run never may (law 5). */
  readonly overNewer: boolean;
}

export type PublicationAnswer =
  | { readonly kind: 'published' }
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

const ALREADY = 'this publication is in the ledger already';
const NEWER = 'a newer run has been published';

/** Publishes the staged rows, once: a second call with the same id finds the first one's ledger entry. */
export async function publish(warehouse: Warehouse, publication: Publication): Promise<PublicationAnswer> {
  const answer = await warehouse.script({
    id: `sluice-publish-${publication.id}`,
    sql: publicationScript(warehouse, publication),
    parameters: parametersOf(publication),
  });
  if (answer.kind === 'done' || answer.reason.includes(ALREADY)) return { kind: 'published' };
  if (answer.reason.includes(NEWER)) return { kind: 'superseded', reason: NEWER };
  return answer;
}

function publicationScript(warehouse: Warehouse, publication: Publication): string {
  const { pipeline } = publication;
  const ledger = warehouse.quoted(ledgerTable(pipeline));
  const fence = publication.overNewer
    ? []
    : [
        `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = @pipeline AND sequence > @sequence) AS '${NEWER}'`,
      ];
  return [
    'BEGIN TRANSACTION',
    `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE publication_id = @publication_id) AS '${ALREADY}'`,
    ...fence,
    ...targetsOf(pipeline).flatMap((target) => replaceRows(warehouse, target, publication.id)),
    `INSERT INTO ${ledger} (publication_id, pipeline, run, attempt, sequence, kind, row_count, summary, published_at) ` +
      'VALUES (@publication_id, @pipeline, @run, @attempt, @sequence, @kind, @row_count, @summary, CURRENT_TIMESTAMP())',
    'COMMIT TRANSACTION',
    '',
  ].join(';\n');
}

function replaceRows(warehouse: Warehouse, target: Target, publication: string): readonly string[] {
  const table = warehouse.quoted(target.table);
  const staging = warehouse.quoted(stagingTable(target, publication));
  const columns = Object.keys(target.output.columns).join(', ');
  return [
    `DELETE FROM ${table} WHERE TRUE`,
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${staging}`,
  ];
}

const parametersOf = (publication: Publication): Record<string, Parameter> => ({
  publication_id: publication.id,
  pipeline: publication.pipeline.name,
  run: publication.run,
  attempt: publication.attempt,
  sequence: sequenceOf(publication.run),
  kind: publication.kind,
  row_count: publication.rows,
  summary: JSON.stringify(publication.summary),
});
