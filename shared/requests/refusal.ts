// What a job wrote about parameters that it cannot use. It quotes them, so it is read where it is shown, and copied nowhere.
import { z } from 'zod';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { outputManifest, type OutputManifest } from '../outputs/manifest.ts';
import { manifestObject } from '../runs/names.ts';
import { tombstone } from './entry.ts';

export type Refusal = Extract<OutputManifest, { kind: 'refusal' }>;

const stored = z.discriminatedUnion('kind', [...outputManifest.options, tombstone]);

/** Undefined where the attempt refused nothing, and after its requester has erased it. */
export async function readRefusal(
  results: ObjectStore,
  pipeline: string,
  run: string,
  attempt: number,
): Promise<Refusal | undefined> {
  const manifest = (await readJson(results, manifestObject(pipeline, run, attempt), stored))?.value;
  return manifest?.kind === 'refusal' ? manifest : undefined;
}
