// Writes the attempt's manifest, after all its files (law 4).
import { PermanentError } from '../errors.ts';
import { createOnce, toJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { outputManifest, type OutputManifest } from '../outputs/manifest.ts';
import { manifestObject } from '../runs/names.ts';

/**
 * Returns the manifest that is stored. An earlier try of this attempt may have written it: then only the time of
 * writing may differ; any other difference is a permanent error.
 */
export async function writeManifest(results: ObjectStore, manifest: OutputManifest): Promise<OutputManifest> {
  const object = manifestObject(manifest.pipeline, manifest.run, manifest.attempt);
  const stands = await createOnce(results, object, outputManifest, manifest);
  if (timeless(stands) === timeless(manifest)) return stands;
  throw new PermanentError(
    `gs://${results.bucket}/${object} exists with other content than this try of the same attempt produced`,
    { code: 'OUTPUT_CONFLICT' },
  );
}

/** Parsed first, so that the order of keys is the schema's in both. */
const timeless = (manifest: OutputManifest): string =>
  toJson({ ...outputManifest.parse(manifest), writtenAt: '' });
