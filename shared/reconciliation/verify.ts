// Verifies, from the buckets and the ledger, that each accepted output was published once and the tables are the newest.
import { counted } from '../counted.ts';
import { commandWithReason } from '../command-line.ts';
import { DAYS_KEPT } from '../deployment.ts';
import type { ObjectStore } from '../objects/store.ts';
import { tablesOf, type TableOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readAccepted } from '../runs/accepted.ts';
import { compareRows, isSame, type Comparison } from './compare.ts';
import { observeOutputs, versionOf, type KeptOutputs } from './kept-outputs.ts';
import { readEntries, type LedgerEntry } from '../warehouse/ledger-entries.ts';
import { isTable, type PublishedTable } from '../outputs/published.ts';
import { observeExports } from './exports.ts';
import { missingEntries, unexplainedEntries, unsoundEntries } from './reconcile.ts';
import { stagingTable } from '../warehouse/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface VerificationPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly exports: ObjectStore;
  readonly warehouse: Warehouse;
  readonly now: () => number;
  /** Part of the names of this verification's staging tables and load jobs. */
  readonly nonce: string;
}

export interface Verification {
  readonly pipeline: string;
  /** There are no differences. */
  readonly verified: boolean;
  readonly code: 'VERIFICATION_FAILED' | null;
  readonly publications: number;
  /** How many outcomes say `published`. */
  readonly accepted: number;
  /** Output files that match the ledger, and those whose retention has ended. */
  readonly outputs: number;
  readonly expired: number;
  readonly newest: string | null;
  readonly tables: readonly Comparison[];
  readonly differences: readonly string[];
}

const MS_PER_DAY = 86_400_000;

export async function verify(pipeline: Pipeline, ports: VerificationPorts): Promise<Verification> {
  // The buckets before the ledger: a publication in between adds an entry, and never lacks one.
  const observed = await readAccepted(ports.runs, pipeline.name);
  const ledger = await readEntries(ports.warehouse, pipeline);
  // Cloud Storage deletes objects within a day of their time.
  const keptSinceMs = ports.now() - (DAYS_KEPT - 1) * MS_PER_DAY;
  const stored = await observeOutputs(ledger, keptSinceMs, ports.results);
  const newest = ledger.at(-1);
  const exported = await observeExports(pipeline, ledger, ports.exports, ports.now());
  const compared = await compareTables(pipeline, newest, stored, ports);
  const differences = [
    ...unsoundEntries(ledger),
    ...missingEntries(pipeline, observed.accepted, ledger),
    ...unexplainedEntries(pipeline, observed, ledger, keptSinceMs),
    ...stored.broken.values(),
    ...exported.differences,
    ...compared.flatMap((each) => (typeof each === 'string' ? [each] : differenceOf(each))),
  ];
  return {
    pipeline: pipeline.name,
    verified: differences.length === 0,
    code: differences.length === 0 ? null : 'VERIFICATION_FAILED',
    publications: ledger.length,
    accepted: observed.accepted.length,
    outputs: stored.sound + exported.sound,
    expired: stored.expired.size + exported.expired,
    newest: newest?.id ?? null,
    tables: compared.filter((each) => typeof each !== 'string'),
    differences,
  };
}

/** Each table compared with the newest publication's output, or why they cannot be compared. */
function compareTables(
  pipeline: Pipeline,
  newest: LedgerEntry | undefined,
  { broken, expired }: KeptOutputs,
  ports: VerificationPorts,
): Promise<readonly (Comparison | string)[]> {
  return Promise.all(
    tablesOf(pipeline).map(async (target) => {
      const table = `${target.table.dataset}.${target.table.table}`;
      if (newest === undefined) return emptyOrNot(target, table, ports.warehouse);
      const output = newest.outputs.filter(isTable).find((each) => each.table === table);
      if (output === undefined) return `${newest.id} names no output of ${table}; its rows were not compared`;
      if (broken.has(versionOf(output))) {
        return `the rows of ${table} were not compared: the output of ${newest.id} changed since it was published`;
      }
      if (expired.has(versionOf(output))) {
        return (
          `the rows of ${table} were not compared: the output of ${newest.id} was deleted after ` +
          `${DAYS_KEPT} days. To make a new one: ${commandWithReason(pipeline.name, 'run --force')}`
        );
      }
      return compareTable(target, newest, output, ports);
    }),
  );
}

async function compareTable(
  target: TableOutput,
  newest: LedgerEntry,
  { object }: PublishedTable,
  { results, warehouse, nonce }: VerificationPorts,
): Promise<Comparison | string> {
  const publication = `${newest.id}-verify-${nonce}`;
  const staging = stagingTable(target, publication);
  const uri = `gs://${results.bucket}/${object}`;
  const id = `sluice-verify-${publication}-${target.table.table}`;
  const { columns } = target;
  const loaded = await warehouse.load({ id, uri, table: staging, columns });
  if (loaded.kind === 'refused') return `${object} can no longer be loaded: ${loaded.reason}`;
  try {
    return await compareRows(warehouse, target, publication);
  } finally {
    await warehouse.drop(staging);
  }
}

async function emptyOrNot(
  target: TableOutput,
  table: string,
  warehouse: Warehouse,
): Promise<Comparison | string> {
  const [row] = await warehouse.query(`SELECT COUNT(*) AS n FROM ${warehouse.quoted(target.table)}`, {});
  const rows = Number(row?.n);
  if (rows > 0) return `${table} holds ${counted(rows, 'row')}, but the ledger has no publication`;
  return { table, publishedRows: 0, outputRows: 0, onlyPublished: 0, onlyInOutput: 0, examples: [] };
}

function differenceOf(found: Comparison): readonly string[] {
  if (isSame(found)) return [];
  const { table, publishedRows, outputRows, onlyPublished, onlyInOutput, examples } = found;
  return [
    `${table} differs from the newest publication: it has ${counted(publishedRows, 'row')} and the output ${outputRows}, ` +
      `${onlyPublished} only in the table, ${onlyInOutput} only in the output`,
    ...examples.map((example) => `${table}, ${example}`),
  ];
}
