// Writes the attempt's manifest, last of all (law 4).
import { PermanentError } from '../errors.ts';
import { createOnce, toJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { outputManifest, type OutputManifest } from '../outputs/manifest.ts';
import { manifestObject } from '../runs/names.ts';

/**
 * The manifest that stands in the end. An earlier try of this attempt may have written it: then only the
 * time of writing may differ, or the error is permanent.
 */
export async function writeManifest(results: ObjectStore, manifest: OutputManifest): Promise<OutputManifest> {
  const object = manifestObject(manifest.pipeline, manifest.run, manifest.attempt);
  const stands = await createOnce(results, object, outputManifest, manifest);
  if (timeless(stands) === timeless(manifest)) return stands;
  throw new PermanentError(
    `gs://${results.bucket}/${object} stands there with other content than this try of the same attempt made`,
  );
}

/** Parsed first, so that the order of keys is the schema's in both. */
const timeless = (manifest: OutputManifest): string =>
  toJson({ ...outputManifest.parse(manifest), writtenAt: '' });
