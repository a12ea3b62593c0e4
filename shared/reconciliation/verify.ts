// The proof: from the buckets and the ledger, that each accepted output was published once and the tables are the newest.
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
  /** Names the staging tables and load jobs of this proof. */
  readonly nonce: string;
}

export interface Verification {
  readonly pipeline: string;
  /** Nothing below disagrees. */
  readonly verified: boolean;
  readonly publications: number;
  /** How many outcomes say `published`. */
  readonly accepted: number;
  /** Output files that were seen to be what the ledger says, and those that are too old to be kept. */
  readonly outputs: number;
  readonly expired: number;
  readonly newest: string | null;
  readonly tables: readonly Comparison[];
  readonly differences: readonly string[];
}

const MS_PER_DAY = 86_400_000;

export async function verify(pipeline: Pipeline, ports: VerificationPorts): Promise<Verification> {
  // The buckets before the ledger: what is published in between is an entry too many, never one too few.
  const observed = await readAccepted(ports.runs, pipeline.name);
  const ledger = await readEntries(ports.warehouse, pipeline);
  // Objects go within a day of their time, not at the hour.
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
    publications: ledger.length,
    accepted: observed.accepted.length,
    outputs: stored.sound + exported.sound,
    expired: stored.expired.size + exported.expired,
    newest: newest?.id ?? null,
    tables: compared.filter((each) => typeof each !== 'string'),
    differences,
  };
}

/** Each table beside the newest publication's output, or why they cannot be compared. */
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
        return `the rows of ${table} were not compared: the output of ${newest.id} is not what was published`;
      }
      if (expired.has(versionOf(output))) {
        return (
          `the rows of ${table} were not compared: the output of ${newest.id} was deleted, as all are after ` +
          `${DAYS_KEPT} days; sluice run --force makes a new one`
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
  const publication = `${newest.id}-prove-${nonce}`;
  const staging = stagingTable(target, publication);
  const uri = `gs://${results.bucket}/${object}`;
  const id = `sluice-prove-${publication}-${target.table.table}`;
  const { columns } = target;
  const loaded = await warehouse.load({ id, uri, table: staging, columns });
  if (loaded.kind === 'refused') return `${object} cannot be loaded any more: ${loaded.reason}`;
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
  if (rows > 0) return `${table} holds ${rows} rows, and the ledger knows of no publication`;
  return { table, publishedRows: 0, outputRows: 0, onlyPublished: 0, onlyInOutput: 0, examples: [] };
}

function differenceOf(found: Comparison): readonly string[] {
  if (isSame(found)) return [];
  const { table, publishedRows, outputRows, onlyPublished, onlyInOutput, examples } = found;
  return [
    `${table} is not the newest publication: ${publishedRows} rows against ${outputRows} of the output, ` +
      `${onlyPublished} only in the table, ${onlyInOutput} only in the output`,
    ...examples.map((example) => `${table}, ${example}`),
  ];
}
