// What was measured of the mesh, as it is kept: measured.json, which `npm run cost -- --measure` makes again.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const calls = z.strictObject({
  storageWrites: z.int(),
  storageReads: z.int(),
  drive: z.int(),
  pubsub: z.int(),
  bigquery: z.int(),
  run: z.int(),
  functions: z.int(),
  traces: z.int(),
});
/** How many calls, by the service and, of Cloud Storage, by the class that they are billed in. */
export type Calls = z.infer<typeof calls>;

const points = z.strictObject({
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  lines: z.int(),
});
/** How many lines were printed that a metric counts under these labels. */
export type Points = z.infer<typeof points>;

const work = z.strictObject({
  /** By function: how often it was called, for how long all in all, and what it called. */
  functions: z.record(z.string(), z.strictObject({ requests: z.int(), seconds: z.number(), calls })),
  job: z.strictObject({ executions: z.int(), seconds: z.number(), calls }),
  /** Pushed by Pub/Sub, each counted once; `bytes` are at least 1,000 each. */
  messages: z.strictObject({ count: z.int(), bytes: z.int(), ofStorage: z.int() }),
  /** 10 MiB for each time that a query names a table, which is more than any of them holds. */
  queriedBytes: z.int(),
  logBytes: z.int(),
  /** Of traces. */
  spans: z.int(),
  points: z.array(points),
});
/** What one thing that happens makes the mesh do. */
export type Work = z.infer<typeof work>;

const measured = z.strictObject({
  on: z.string(),
  command: z.string(),
  machine: z.string(),
  folder: z.string(),
  /** Processor seconds from the start of a function's process until it is registered. */
  startCpuSeconds: z.record(z.string(), z.number()),
  tick: work,
  sweep: work,
  change: work,
  /** What a change leaves in the buckets. */
  objects: z.array(
    z.strictObject({
      bucket: z.enum(['runs', 'results', 'training-cache']),
      name: z.string(),
      bytes: z.int(),
    }),
  ),
  /** Of all published tables and the ledger. */
  tableBytes: z.int(),
});
export type Measured = z.infer<typeof measured>;

export const MEASURED_FILE = new URL('measured.json', import.meta.url);

export const readMeasured = (): Measured => measured.parse(JSON.parse(readFileSync(MEASURED_FILE, 'utf8')));
