// The result of a requested run: verified against its manifest, and checked by its schema, where the job wrote it.
import type { z } from 'zod';
import { concurrently } from '../concurrently.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { ObjectStore } from '../objects/store.ts';
import { resultOf } from '../pipelines/outputs.ts';
import type { RequestsPipeline } from '../pipelines/pipeline.ts';
import type { RunResult } from '../runs/outcome.ts';
import { LARGEST_JSON_BYTES, type StoredFile } from './file-checks.ts';
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
  const misnamed = others.filter(({ name }) => !isFileName(name) || name.includes('/'));
  if (misnamed.length > 0)
    return refuse(
      `${misnamed.length} attachments have no name that a reader can use; expected letters, digits, dots, dashes and ` +
        'underscores',
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
  const wrong = await wrongForm(output.schema, files[0], results);
  if (wrong !== undefined) return refuse(wrong);
  const [result, ...attachments] = files.map(({ info: { name, sizeBytes, crc32c } }) => ({
    name,
    sizeBytes,
    crc32c,
  }));
  if (result === undefined) return refuse('the manifest does not name it; expected it');
  return { kind: 'checked', result: { ...result, attachments } };
}

/**
 * Why the result has another form than its schema's: the first place and what is expected there. Nothing of the file is
 * quoted, because the outcome outlives what its requester erases.
 */
async function wrongForm(
  schema: z.ZodType,
  file: StoredFile | undefined,
  results: ObjectStore,
): Promise<string | undefined> {
  const { name = '', sizeBytes = 0 } = file?.info ?? {};
  if (sizeBytes > LARGEST_JSON_BYTES)
    return `found ${sizeBytes} bytes of JSON; expected at most ${LARGEST_JSON_BYTES}`;
  const stored = await results.readText(name, LARGEST_JSON_BYTES);
  let parsed: unknown;
  try {
    parsed = JSON.parse(stored?.text ?? '');
  } catch {
    return 'found no JSON';
  }
  const { issues } = schema.safeParse(parsed).error ?? { issues: [] };
  const [first] = issues;
  if (first === undefined) return undefined;
  const expected = 'expected' in first ? `expected ${first.expected}` : first.code;
  return `found another form in ${issues.length} places, the first at /${first.path.join('/')}: ${expected}`;
}
