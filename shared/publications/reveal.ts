// Moves the pointers to the newest entry of the ledger: after the transaction, idempotently.
import { concurrently } from '../concurrently.ts';
import type { Log } from '../logging.ts';
import type { ObjectStore } from '../objects/store.ts';
import { objectOutputsOf } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readEntries } from '../warehouse/ledger-entries.ts';
import { readNewest } from '../warehouse/ledger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { movePointer } from './pointer.ts';
import { isObjects } from '../outputs/published.ts';
import { retireSuperseded } from './retention.ts';

export interface RevealPorts {
  readonly exports: ObjectStore;
  readonly warehouse: Warehouse;
}

const AT_ONCE = 4;

/** A pipeline of tables alone has no pointers: its rows are visible with the commit (law 6). */
export async function reveal(pipeline: Pipeline, { exports, warehouse }: RevealPorts): Promise<void> {
  if (objectOutputsOf(pipeline).length === 0) return;
  const newest = await readNewest(warehouse, pipeline);
  if (newest === undefined) return;
  const entry = { pipeline: pipeline.name, ordinal: newest.ordinal };
  await concurrently(newest.outputs.filter(isObjects), AT_ONCE, (current) =>
    movePointer(exports, entry, current),
  );
}

/** Moves the pointers, and starts the retention of files that are no longer current. The sweep requests it every day. */
export async function tidyExports(
  pipeline: Pipeline,
  ports: RevealPorts & { readonly now: () => number; readonly log: Log },
): Promise<void> {
  if (objectOutputsOf(pipeline).length === 0) return;
  await reveal(pipeline, ports);
  const entries = await readEntries(ports.warehouse, pipeline);
  const named = new Set(
    entries.flatMap(({ outputs }) => outputs.filter(isObjects)).map((each) => each.publication),
  );
  for (const current of entries.at(-1)?.outputs.filter(isObjects) ?? []) {
    const kept = { pipeline: pipeline.name, current, named, nowMs: ports.now() };
    const retired = await retireSuperseded(kept, ports.exports);
    const { output } = current;
    ports.log.info(
      { pipeline: pipeline.name, output, retired },
      `${retired} superseded files of ${output} retired.`,
    );
  }
}
