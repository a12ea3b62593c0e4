// The plan of a replay: what it would change, and a hash of everything that it depends on.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorCode } from '../error-codes.ts';
import { tablesOf } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { changesOf, tableChanges } from './changes.ts';
import { isObjects } from '../outputs/published.ts';
import { readNewest, type Newest } from './ledger.ts';
import { replaceStatements } from './publication.ts';
import type { Warehouse } from './warehouse.ts';

export const replayKind = z.enum(['replay', 'rollback']);
export type ReplayKind = z.infer<typeof replayKind>;

/** One object of the results bucket that would be published. */
const plannedOutput = z.object({ object: z.string(), generation: z.string(), crc32c: z.string() });
export type PlannedOutput = z.infer<typeof plannedOutput>;

/** What would change in the files of an output, by their names. */
const fileChanges = z.object({ output: z.string(), added: z.int(), removed: z.int(), changed: z.int() });
export type FileChanges = z.infer<typeof fileChanges>;

export const replayPlan = z.object({
  hash: z.string(),
  pipeline: z.string(),
  run: z.string(),
  kind: replayKind,
  /** The newest publication at the time of the plan, and its run; null when there was none. */
  expectedLatest: z.object({ publication: z.string(), run: z.string() }).nullable(),
  outputs: z.array(plannedOutput),
  tables: z.array(tableChanges),
  /** Files and models, by their names; empty in plans of older versions. */
  files: z.array(fileChanges).default([]),
  /** The bytes that the publication would scan, as BigQuery bills them; null where no estimate is possible. */
  bytes: z.number().nullable(),
});
export type ReplayPlan = z.infer<typeof replayPlan>;

/** The answer to a request for a plan. */
export const planned = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), hash: z.string() }),
  z.object({
    kind: z.literal('unfit'),
    outcome: z.enum(['failed', 'quarantined']),
    code: errorCode,
    reason: z.string(),
  }),
]);
export type PlanAnswer = z.infer<typeof planned>;

export interface Planned {
  readonly pipeline: Pipeline;
  readonly run: string;
  readonly kind: ReplayKind;
  /** Names the staging tables, which hold the checked rows. */
  readonly publication: string;
  readonly outputs: readonly PlannedOutput[];
  /** The files of each output that is not a table, by their names. */
  readonly files: readonly NamedFiles[];
}

export interface NamedFiles {
  readonly output: string;
  readonly files: readonly { readonly name: string; readonly crc32c: string }[];
}

/** Computes what the staged rows would change. Nothing is written, and the same state gives the same hash. */
export async function planReplay(warehouse: Warehouse, planned: Planned): Promise<ReplayPlan> {
  const { pipeline, run, kind, publication } = planned;
  // Read before the rows are compared: after a publication in between, the transaction's assertion fails (law 5).
  const newest = await readNewest(warehouse, pipeline);
  const [tables, bytes] = await Promise.all([
    Promise.all(tablesOf(pipeline).map((target) => changesOf(warehouse, target, publication))),
    bytesToScan(warehouse, planned),
  ]);
  const observed = {
    pipeline: pipeline.name,
    run,
    kind,
    expectedLatest: newest === undefined ? null : { publication: newest.id, run: newest.run },
    outputs: planned.outputs.map(({ object, generation, crc32c }) => ({ object, generation, crc32c })),
    tables,
    files: planned.files.map((each) => filesAfter(each, newest)),
  };
  const hash = createHash('sha256').update(JSON.stringify(observed)).digest('hex').slice(0, 16);
  return { hash, ...observed, bytes };
}

function filesAfter({ output, files }: NamedFiles, newest: Newest | undefined): FileChanges {
  const current = newest?.outputs.filter(isObjects).find((each) => each.output === output);
  const before = new Map(current?.files.map(({ name, crc32c }) => [name, crc32c]));
  const changed = files.filter(({ name, crc32c }) => before.has(name) && before.get(name) !== crc32c).length;
  const added = files.filter(({ name }) => !before.has(name)).length;
  return { output, added, removed: before.size - (files.length - added), changed };
}

async function bytesToScan(warehouse: Warehouse, { pipeline, publication }: Planned): Promise<number | null> {
  const { bytesOf } = warehouse;
  if (bytesOf === undefined) return null;
  const statements = tablesOf(pipeline).flatMap((target) =>
    replaceStatements(warehouse, target, publication),
  );
  const bytes = await Promise.all(statements.map((sql) => bytesOf(sql, {})));
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** The differences between an earlier plan and the present one, for the operator who applies it. */
export function whatMoved(made: ReplayPlan, now: ReplayPlan): string {
  const moved: string[] = [];
  const [before, after] = [
    made.expectedLatest?.publication ?? 'nothing',
    now.expectedLatest?.publication ?? 'nothing',
  ];
  if (before !== after) moved.push(`the newest publication was ${before} and now is ${after}`);
  if (JSON.stringify(made.outputs) !== JSON.stringify(now.outputs)) {
    moved.push('the stored output has changed');
  }
  for (const [index, table] of now.tables.entries()) {
    if (JSON.stringify(made.tables[index]) !== JSON.stringify(table)) {
      moved.push(`${table.table} would now change by ${countsOf(table)}`);
    }
  }
  for (const [index, files] of now.files.entries()) {
    if (JSON.stringify(made.files[index]) !== JSON.stringify(files)) {
      moved.push(`${files.output} would now change by ${countsOf(files)} files`);
    }
  }
  return moved.join('; ');
}

/** The plan in one sentence, for a log. */
export const summaryOf = ({ hash, run, kind, expectedLatest, tables, files, bytes }: ReplayPlan): string =>
  `Plan ${hash}: this ${kind} of run ${run} over ${expectedLatest?.run ?? 'nothing'} would change ` +
  [
    ...tables.map((table) => `${table.table} by ${countsOf(table)}`),
    ...files.map((each) => `${each.output} by ${countsOf(each)} files`),
  ].join(' and ') +
  (bytes === null ? '' : `, scanning ${bytes} bytes`);

/** `3 added, 0 removed, 12 changed`. */
export const countsOf = ({
  added,
  removed,
  changed,
}: {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}): string => `${added} added, ${removed} removed, ${changed} changed`;
