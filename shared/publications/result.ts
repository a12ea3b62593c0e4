// The result of a requested run: verified against its manifest, and checked by its schema, where the job wrote it.
import { concurrently } from '../concurrently.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { ObjectStore } from '../objects/store.ts';
import { jsonFile } from '../pipelines/file-checks.ts';
import { resultOf } from '../pipelines/outputs.ts';
import type { RequestsPipeline } from '../pipelines/pipeline.ts';
import type { RunResult } from '../runs/outcome.ts';
import { wrongFiles, type StoredFile } from './file-checks.ts';
import { verifiedFile, type DataManifest } from './manifest-file.ts';
import { isFileName } from './names.ts';
import { unfit, type Unfit } from './unfit.ts';

export type CheckedResult = { readonly kind: 'checked'; readonly result: RunResult } | Unfit;

// The outcome names each, and every poll of the job reads the outcome.
const MOST_ATTACHMENTS = 100;
const AT_ONCE = 16;

/** Nothing is copied: the attempt's folder is written once, and the outcome names the files in it. */
export async function checkResult(
  pipeline: RequestsPipeline,
  manifest: DataManifest,
  results: ObjectStore,
): Promise<CheckedResult> {
  const output = resultOf(pipeline);
  if (output === undefined) return unfit(`${pipeline.name} has no output of the kind result`);
  const refuse = (reason: string, code?: ErrorCode) => unfit(`${output.file}: ${reason}`, code);
  const main = manifest.files.find(({ name }) => name === output.file);
  if (main === undefined) return refuse('the manifest does not name it; expected it');
  const others = manifest.files.filter(
    ({ name }) => name !== output.file && output.attachments?.test(name) === true,
  );
  if (others.length > MOST_ATTACHMENTS)
    return refuse(`it has ${others.length} attachments; expected at most ${MOST_ATTACHMENTS}`);
  const misnamed = others.find(({ name }) => !isFileName(name) || name.includes('/'));
  if (misnamed !== undefined)
    return refuse(
      `the attachment ${JSON.stringify(misnamed.name)} has no name that a reader can use; expected letters, ` +
        'digits, dots, dashes and underscores',
    );
  const found = await concurrently([main, ...others], AT_ONCE, async (file) => ({
    name: file.name,
    info: await verifiedFile(manifest, file, results),
  }));
  const files: StoredFile[] = [];
  for (const { name, info } of found) {
    if (typeof info === 'string') return refuse(info, 'MANIFEST_MISMATCH');
    files.push({ name, info });
  }
  const isMain = new RegExp(`^${output.file.replaceAll('.', String.raw`\.`)}$`);
  const wrong = await wrongFiles([jsonFile(isMain, output.schema)], files, results);
  if (wrong !== undefined) return unfit(wrong);
  const [result, ...attachments] = files.map(({ info: { name, sizeBytes, crc32c } }) => ({
    name,
    sizeBytes,
    crc32c,
  }));
  if (result === undefined) return refuse('the manifest does not name it; expected it');
  return { kind: 'checked', result: { ...result, attachments } };
}
