// Reads the shared export of the counters as the job does.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { readExports } from '../../jobs/train-bikes/reading/read-exports.ts';
import type { Observations } from '../../models/bikes/observations.ts';

export const SHARED_EXPORT = '../shared/data/bike-counters/comptage-velo-donnees-compteurs.csv.gz';
/** Later than any export. */
const NEWEST = Date.UTC(2100, 0, 1) / 3_600_000;

/** Throws an `Error` that names the first problem of an export that the job would refuse. */
export async function loadCounts(path: string): Promise<Observations> {
  const reading = await readExports([{ name: basename(path), open: () => createReadStream(path) }], {
    newest: NEWEST,
  });
  if (reading.kind === 'read') return reading.observations;
  throw new Error(reading.problems[0]?.message ?? `${path} cannot be used`);
}
