// The publication: new rows and their ledger entry, visible together or not at all (law 6).
import { tablesOf, type TableOutput } from '../pipelines/outputs.ts';
import { enterStatement, entryOf, LEDGER, newestPublication, type Publication } from './ledger.ts';
import { lockStatements, runLocked } from './lock.ts';
import { stagingTable } from './tables.ts';
import type { Warehouse } from './warehouse.ts';

export type PublicationAnswer =
  | {
      readonly kind: 'published';
      /** An earlier call made the entry. */
      readonly already?: true;
    }
  | {
      readonly kind: 'superseded';
      readonly reason: string;
      /** It was to follow a certain publication, and another one is the newest. */
      readonly moved: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const ALREADY = 'this publication is in the ledger already';
const NEWER = 'a newer run has been published';
const MOVED = 'the tables have moved: another publication is the newest';

/** Commits a publication, once: a second call with the same id finds the first one's ledger entry. */
export async function commit(warehouse: Warehouse, publication: Publication): Promise<PublicationAnswer> {
  const { expectedLatest } = publication;
  const answer = await runLocked(warehouse, publication.pipeline, {
    id: `sluice-publish-${publication.id}${publication.script ?? ''}`,
    sql: publicationScript(warehouse, publication),
    parameters: {
      ...entryOf(publication),
      ...(expectedLatest === undefined ? {} : { expectedLatest: expectedLatest ?? '' }),
    },
  });
  if (answer.kind === 'done') return { kind: 'published' };
  if (answer.reason.includes(ALREADY)) return { kind: 'published', already: true };
  const fence = [NEWER, MOVED].find((says) => answer.reason.includes(says));
  return fence === undefined ? answer : { kind: 'superseded', reason: fence, moved: fence === MOVED };
}

/** The assertions stand inside the transaction: between them and its commit nobody else can publish (law 5). */
function publicationScript(warehouse: Warehouse, publication: Publication): string {
  const { pipeline, allowOlder, expectedLatest, keepsTables = false } = publication;
  const replaced = keepsTables ? [] : tablesOf(pipeline);
  const ledger = warehouse.quoted(LEDGER);
  const newer = `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = @pipeline AND sequence > @sequence) AS '${NEWER}'`;
  const moved = `ASSERT IFNULL(${newestPublication(ledger)}, '') = @expectedLatest AS '${MOVED}'`;
  return [
    'BEGIN TRANSACTION',
    ...lockStatements(warehouse, pipeline),
    `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE publication_id = @publication_id) AS '${ALREADY}'`,
    ...(allowOlder ? [] : [newer]),
    ...(expectedLatest === undefined ? [] : [moved]),
    ...replaced.flatMap((target) => replaceStatements(warehouse, target, publication.id)),
    enterStatement(ledger),
    'COMMIT TRANSACTION',
    '',
  ].join(';\n');
}

/** What a publication does to one table, from its staging table. */
export function replaceStatements(
  warehouse: Warehouse,
  target: TableOutput,
  publication: string,
): readonly string[] {
  const table = warehouse.quoted(target.table);
  const staging = warehouse.quoted(stagingTable(target, publication));
  const columns = Object.keys(target.columns).join(', ');
  return [
    `DELETE FROM ${table} WHERE TRUE`,
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${staging}`,
  ];
}
