// The register of a model: every candidate with its measurements, kept for good.
import { z } from 'zod';
import { concurrently } from '../concurrently.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { modelResult } from '../outputs/manifest.ts';
import { attemptOf, candidateObject, registerPrefix, type ExportKey } from './names.ts';
import { publishedFile, type PublishedObjects } from '../outputs/published.ts';

export const registered = z.object({
  pipeline: z.string(),
  publication: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  /** When the job finished training it. */
  trainedAt: z.iso.datetime(),
  result: modelResult,
  files: z.array(publishedFile).readonly(),
});
export type Registered = z.infer<typeof registered>;

const MOST_CANDIDATES = 100_000;
const AT_ONCE = 16;

/** Idempotent: the same candidate is registered once. */
export const register = (exports: ObjectStore, candidate: Registered): Promise<Registered> =>
  createOnce(exports, candidateObject(candidate, candidate.result.name), registered, candidate);

/**
 * The candidate that a publication registered; undefined where none did. Files of a replay stand in a folder of their
 * own, and their names say of which attempt they are.
 */
export async function readCandidate(
  exports: ObjectStore,
  pipeline: string,
  model: string,
  { publication, files }: PublishedObjects,
): Promise<Registered | undefined> {
  return readCandidateOf(
    exports,
    { pipeline, publication, attempt: attemptOf(files[0]?.object ?? '') },
    model,
  );
}

export const readCandidateOf = async (
  exports: ObjectStore,
  key: ExportKey,
  model: string,
): Promise<Registered | undefined> =>
  (await readJson(exports, candidateObject(key, model), registered))?.value;

export interface WantedCandidates {
  /** How many newer ones are left out. */
  readonly skip?: number;
  /** Only those that were registered until then. */
  readonly untilMs?: number;
}

/** The newest `count` candidates, newest first. */
export const readRegister = async (
  exports: ObjectStore,
  pipeline: string,
  model: string,
  count: number,
): Promise<readonly Registered[]> => (await readCandidates(exports, pipeline, model, count)).candidates;

/** The same for a page of them, and how many there are. */
export async function readCandidates(
  exports: ObjectStore,
  pipeline: string,
  model: string,
  count: number,
  { skip = 0, untilMs = Infinity }: WantedCandidates = {},
): Promise<{ readonly candidates: readonly Registered[]; readonly count: number }> {
  const listed = await exports.list(registerPrefix(pipeline, model), MOST_CANDIDATES);
  const all = listed.filter(({ createdAtMs }) => createdAtMs <= untilMs);
  const wanted = all.toSorted((a, b) => b.createdAtMs - a.createdAtMs).slice(skip, skip + count);
  const read = await concurrently(wanted, AT_ONCE, ({ name }) => readJson(exports, name, registered));
  return {
    candidates: read.flatMap((stored) => (stored === undefined ? [] : [stored.value])),
    count: all.length,
  };
}
