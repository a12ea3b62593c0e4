// Verifies one file of an attempt against its manifest, before it is read (law 4).
import { PermanentError } from '../errors.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { OutputFile, OutputManifest } from '../outputs/manifest.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { outputFolder } from '../runs/names.ts';

export type DataManifest = Extract<OutputManifest, { kind: 'output' }>;

/** A manifest is valid only for the attempt in whose folder it is (law 4). Undefined: it is valid. */
export function manifestMismatch(
  load: { readonly pipeline: Pipeline; readonly run: string; readonly attempt: number },
  manifest: OutputManifest,
): string | undefined {
  const expected = outputFolder(load.pipeline.name, load.run, load.attempt);
  const found = outputFolder(manifest.pipeline, manifest.run, manifest.attempt);
  return found === expected
    ? undefined
    : `the manifest in ${expected} names ${found}; expected its own folder`;
}

/** The metadata of the stored object, or how it differs from the manifest. */
export async function verifiedFile(
  manifest: DataManifest,
  file: OutputFile,
  results: ObjectStore,
): Promise<ObjectInfo | string> {
  const folder = outputFolder(manifest.pipeline, manifest.run, manifest.attempt);
  if (file.object !== `${folder}${file.name}`) {
    throw new PermanentError(`the manifest names ${file.object}; expected it in ${folder}`, {
      code: 'MANIFEST_MISMATCH',
    });
  }
  const info = await results.info(file.object);
  if (info === undefined) return `${file.object} does not exist, but the manifest names it`;
  if (info.sizeBytes === file.sizeBytes && info.crc32c === file.crc32c) return info;
  return (
    `${file.object} has ${info.sizeBytes} bytes and crc32c ${info.crc32c}; ` +
    `its manifest expects ${file.sizeBytes} and ${file.crc32c}`
  );
}
