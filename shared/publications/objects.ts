// Files and models: checked in the results bucket, then copied by Cloud Storage into the publication's folder.
import { concurrently } from '../concurrently.ts';
import type { ErrorCode } from '../error-codes.ts';
import { TransientError } from '../errors.ts';
import { notThere } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { ObjectOutput } from '../pipelines/outputs.ts';
import { wrongFiles, type StoredFile } from './file-checks.ts';
import { verifiedFile, type DataManifest } from './manifest-file.ts';
import { exportFolder, isFileName, type ExportKey } from './names.ts';
import { unfit, type Unfit } from './unfit.ts';
import type { PublishedFile } from '../outputs/published.ts';

export interface CopyPorts {
  /** Where the files are: the results bucket, or the export bucket for a version that was published before. */
  readonly from: ObjectStore;
  readonly exports: ObjectStore;
}

export type CheckedObjects = { readonly kind: 'checked'; readonly files: readonly StoredFile[] } | Unfit;

const MOST_FILES = 10_000;
const AT_ONCE = 16;

/** The files of the output, each verified against the manifest and by the output's checks. */
export async function checkObjects(
  output: ObjectOutput,
  manifest: DataManifest,
  { results }: { readonly results: ObjectStore },
): Promise<CheckedObjects> {
  const refuse = (reason: string, code?: ErrorCode) => unfit(`${output.name}: ${reason}`, code);
  const own = manifest.files.filter(({ name }) => output.pattern.test(name));
  if (own.length === 0)
    return refuse(`the manifest names no file like ${output.pattern.source}; expected at least one`);
  if (own.length > MOST_FILES)
    return refuse(`the manifest names ${own.length} files; expected at most ${MOST_FILES}`);
  const misnamed = own.find(({ name }) => !isFileName(name));
  if (misnamed !== undefined)
    return refuse(
      `the file ${JSON.stringify(misnamed.name)} cannot be published under its name; expected letters, ` +
        'digits, dots, dashes and underscores between slashes',
    );
  const found = await concurrently(own, AT_ONCE, async (file) => ({
    name: file.name,
    info: await verifiedFile(manifest, file, results),
  }));
  const files: StoredFile[] = [];
  for (const { name, info } of found) {
    if (typeof info === 'string') return refuse(info, 'MANIFEST_MISMATCH');
    files.push({ name, info });
  }
  const wrong = await wrongFiles(output.kind === 'files' ? output.checks : [], files, results);
  return wrong === undefined ? { kind: 'checked', files } : refuse(wrong);
}

/**
 * Copies the checked files into the publication's folder, which readers do not use before the pointer moves. Every copy
 * is created only if absent, with its source's version pinned; called again, it verifies the copies.
 */
export function copyObjects(
  key: ExportKey,
  output: ObjectOutput,
  files: readonly StoredFile[],
  { from, exports }: CopyPorts,
): Promise<readonly PublishedFile[]> {
  const folder = exportFolder(key, output.name);
  return concurrently(files, AT_ONCE, async ({ name, info }) => {
    const object = `${folder}${name}`;
    const source = { bucket: from.bucket, name: info.name, generation: info.generation };
    const answer = await exports.copyFrom(object, source, { bearsTime: false });
    const copy = answer.kind === 'gone' ? undefined : await exports.info(object);
    if (copy === undefined && answer.kind !== 'gone') throw notThere(exports, object, answer);
    if (copy === undefined || copy.crc32c !== info.crc32c || copy.sizeBytes !== info.sizeBytes) {
      throw new TransientError(
        `the copy of ${info.name} to gs://${exports.bucket}/${object} ${copy === undefined ? 'does not exist' : 'differs from its source'}`,
        { code: 'WRITE_UNCONFIRMED' },
      );
    }
    const { generation, crc32c, sizeBytes, contentType } = copy;
    return { name, object, generation, crc32c, sizeBytes, contentType };
  });
}
