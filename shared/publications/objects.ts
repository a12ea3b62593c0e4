// Files and models: checked where the job wrote them, then copied by Cloud Storage into a folder of the publication.
import { concurrently } from '../concurrently.ts';
import { TransientError } from '../errors.ts';
import { notThere } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { ObjectOutput } from '../pipelines/outputs.ts';
import { wrongFiles, type StoredFile } from './file-checks.ts';
import { asManifestSays, type DataManifest } from './manifest-file.ts';
import { exportFolder, isFileName, type ExportKey } from './names.ts';
import type { PublishedFile } from '../outputs/published.ts';

export interface ObjectPorts {
  readonly results: ObjectStore;
  readonly exports: ObjectStore;
}

export type CheckedObjects =
  | { readonly kind: 'checked'; readonly files: readonly StoredFile[] }
  | { readonly kind: 'unfit'; readonly reason: string };

const MOST_FILES = 10_000;
const AT_ONCE = 16;

/** The files of the output, each as the manifest says and past the output's checks. */
export async function checkObjects(
  output: ObjectOutput,
  manifest: DataManifest,
  { results }: Pick<ObjectPorts, 'results'>,
): Promise<CheckedObjects> {
  const unfit = (reason: string) => ({ kind: 'unfit', reason: `${output.name}: ${reason}` }) as const;
  const own = manifest.files.filter(({ name }) => output.pattern.test(name));
  if (own.length === 0)
    return unfit(`the manifest names no file like ${output.pattern.source}; expected at least one`);
  if (own.length > MOST_FILES)
    return unfit(`the manifest names ${own.length} files; expected at most ${MOST_FILES}`);
  const misnamed = own.find(({ name }) => !isFileName(name));
  if (misnamed !== undefined)
    return unfit(
      `the file ${JSON.stringify(misnamed.name)} cannot be published under its name; expected letters, ` +
        'digits, dots, dashes and underscores between slashes',
    );
  const found = await concurrently(own, AT_ONCE, async (file) => ({
    name: file.name,
    info: await asManifestSays(manifest, file, results),
  }));
  const files: StoredFile[] = [];
  for (const { name, info } of found) {
    if (typeof info === 'string') return unfit(info);
    files.push({ name, info });
  }
  const wrong = await wrongFiles(output.kind === 'files' ? output.checks : [], files, results);
  return wrong === undefined ? { kind: 'checked', files } : unfit(wrong);
}

/**
 * Copies the checked files into the publication's folder, where no reader looks before the pointer moves. Every copy is
 * created only if absent, with its source's version pinned; called again, it proves what stands.
 */
export function copyObjects(
  key: ExportKey,
  output: ObjectOutput,
  files: readonly StoredFile[],
  { results, exports }: ObjectPorts,
): Promise<readonly PublishedFile[]> {
  const folder = exportFolder(key, output.name);
  return concurrently(files, AT_ONCE, async ({ name, info }) => {
    const object = `${folder}${name}`;
    const source = { bucket: results.bucket, name: info.name, generation: info.generation };
    const answer = await exports.copyFrom(object, source, { bearsTime: false });
    const copy = answer.kind === 'gone' ? undefined : await exports.info(object);
    if (copy === undefined && answer.kind !== 'gone') throw notThere(exports, object, answer);
    if (copy === undefined || copy.crc32c !== info.crc32c || copy.sizeBytes !== info.sizeBytes) {
      throw new TransientError(
        `the copy of ${info.name} to gs://${exports.bucket}/${object} is ${copy === undefined ? 'not there' : 'not the same'}`,
      );
    }
    const { generation, crc32c, sizeBytes, contentType } = copy;
    return { name, object, generation, crc32c, sizeBytes, contentType };
  });
}
