// The job's input: the files that the run's manifest names, verified by size and checksum (law 4).
import { createHash } from 'node:crypto';
import { BoundError, PermanentError } from '../errors.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { inputManifest, type FrozenFile, type InputManifest } from '../runs/input.ts';
import { inputObject } from '../runs/names.ts';
import { Checksum } from './checksum.ts';

/** A file of the run's frozen source. */
export interface InputFile {
  readonly role: string;
  readonly name: string;
  readonly bytes: Buffer;
}

const MEBIBYTE = 1024 * 1024;
const MOST_FILES = 100;
const LARGEST_INPUT_BYTES = 400 * MEBIBYTE;

/** Throws `PermanentError` when the manifest is missing or belongs to another run, `BoundError` above the bounds. */
export async function readInputManifest(
  runs: ObjectStore,
  pipeline: string,
  run: string,
  mostFiles = MOST_FILES,
): Promise<InputManifest> {
  const name = inputObject(pipeline, run);
  const stored = await readJson(runs, name, inputManifest);
  if (stored === undefined) throw mismatch(`gs://${runs.bucket}/${name} does not exist`);
  const manifest = stored.value;
  if (manifest.pipeline !== pipeline || manifest.run !== run) {
    throw mismatch(
      `gs://${runs.bucket}/${name} is the input of ${manifest.pipeline} ${manifest.run}; expected ${pipeline} ${run}`,
    );
  }
  const bytes = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (manifest.files.length > mostFiles || bytes > LARGEST_INPUT_BYTES) {
    throw new BoundError(
      `the input has ${manifest.files.length} files of ${bytes} bytes; expected at most ${mostFiles} files ` +
        `of ${LARGEST_INPUT_BYTES} bytes in all`,
    );
  }
  return manifest;
}

const mismatch = (message: string) => new PermanentError(message, { code: 'INPUT_MISMATCH' });

/**
 * The files' bytes, in the manifest's order. Throws `PermanentError` when one differs from the frozen file.
 * `requests` is the bucket of a requested run's parameters.
 */
export async function fetchFiles(
  runs: ObjectStore,
  manifest: InputManifest,
  requests?: ObjectStore,
): Promise<readonly InputFile[]> {
  return Promise.all(
    manifest.files.map(async (file) => ({
      role: file.role,
      name: file.name,
      bytes: await fetchFile(storeOf(file, runs, requests), file),
    })),
  );
}

function storeOf({ bucket, object }: FrozenFile, runs: ObjectStore, requests?: ObjectStore): ObjectStore {
  if (bucket === undefined) return runs;
  if (requests !== undefined) return requests;
  throw mismatch(
    `${object} is in the bucket ${bucket}, and the job has no such bucket: REQUESTS_BUCKET is not set`,
  );
}

async function fetchFile(runs: ObjectStore, file: FrozenFile): Promise<Buffer> {
  const where = `gs://${runs.bucket}/${file.object} ("${file.name}")`;
  // Shared, so that the thread that reads the workbooks needs no copy.
  const bytes = Buffer.from(new SharedArrayBuffer(file.sizeBytes));
  const md5 = createHash('md5');
  const sum = new Checksum();
  let sizeBytes = 0;
  for await (const chunk of runs.read(file.object) as AsyncIterable<Buffer>) {
    if (sizeBytes + chunk.length <= file.sizeBytes) chunk.copy(bytes, sizeBytes);
    sizeBytes += chunk.length;
    if (sizeBytes > file.sizeBytes) break;
    md5.update(chunk);
    sum.add(chunk);
  }
  if (sizeBytes !== file.sizeBytes) {
    const found = sizeBytes > file.sizeBytes ? 'more' : `${sizeBytes}`;
    throw mismatch(`${where} has ${found} bytes; expected ${file.sizeBytes}`);
  }
  const digest = md5.digest('base64');
  if (file.md5 !== undefined && digest !== file.md5)
    throw mismatch(`${where} has md5 ${digest}; expected ${file.md5}`);
  if (file.crc32c !== undefined && sum.crc32c !== file.crc32c)
    throw mismatch(`${where} has crc32c ${sum.crc32c}; expected ${file.crc32c}`);
  if (file.md5 === undefined && file.crc32c === undefined)
    throw mismatch(`${where} has no checksum in its manifest; expected md5 or crc32c`);
  return bytes;
}
