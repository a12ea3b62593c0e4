// Commits a publication: new rows and their ledger entry become visible together or not at all (law 6).
import { tablesOf, type TableOutput } from '../pipelines/outputs.ts';
import { enterStatement, entryOf, LEDGER, newestPublication, type Publication } from './ledger.ts';
import {
  ALREADY_PUBLISHED,
  failedAssertion,
  LATEST_CHANGED,
  NEWER_PUBLISHED,
  RUN_PUBLISHED,
  type Assertion,
} from './assertions.ts';
import { lockStatements, runLocked } from './lock.ts';
import { stagingTable } from './tables.ts';
import type { Warehouse } from './warehouse.ts';

export type PublicationAnswer =
  | {
      readonly kind: 'published';
      /** An earlier call wrote the entry. */
      readonly already?: true;
    }
  | {
      readonly kind: 'superseded';
      readonly reason: string;
      /** True if another publication than the expected one is the newest. */
      readonly moved: boolean;
      /** The run has a publication, and this one had to be its first. */
      readonly again?: true;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const SUPERSEDED: Partial<Record<Assertion, string>> = {
  [NEWER_PUBLISHED]: 'a newer run is published',
  [RUN_PUBLISHED]: 'the output of the run is published already',
  [LATEST_CHANGED]: 'another publication is the newest now',
};

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
  const failed = failedAssertion(answer.reason);
  if (failed === ALREADY_PUBLISHED) return { kind: 'published', already: true };
  const reason = failed && SUPERSEDED[failed];
  if (reason === undefined) return answer;
  const again = failed === RUN_PUBLISHED;
  return { kind: 'superseded', reason, moved: failed === LATEST_CHANGED, ...(again && { again }) };
}

/** The assertions are part of the transaction: no other publication can commit between them and its commit (law 5). */
function publicationScript(warehouse: Warehouse, publication: Publication): string {
  const { pipeline, allowOlder, isFirstOfRun = false, expectedLatest, keepsTables = false } = publication;
  const replaced = keepsTables ? [] : tablesOf(pipeline);
  const ledger = warehouse.quoted(LEDGER);
  const newer = `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = @pipeline AND sequence > @sequence) AS '${NEWER_PUBLISHED}'`;
  const again = `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = @pipeline AND run = @run) AS '${RUN_PUBLISHED}'`;
  const moved = `ASSERT IFNULL(${newestPublication(ledger)}, '') = @expectedLatest AS '${LATEST_CHANGED}'`;
  return [
    'BEGIN TRANSACTION',
    ...lockStatements(warehouse, pipeline),
    `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE publication_id = @publication_id) AS '${ALREADY_PUBLISHED}'`,
    ...(isFirstOfRun ? [again] : []),
    ...(allowOlder ? [] : [newer]),
    ...(expectedLatest === undefined ? [] : [moved]),
    ...replaced.flatMap((target) => replaceStatements(warehouse, target, publication.id)),
    enterStatement(ledger),
    'COMMIT TRANSACTION',
    '',
  ].join(';\n');
}

/** The statements that replace one table by its staging table. */
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
