// The frozen files of the run on the disk of the job, verified by size and checksum as they arrive (law 4).
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Checksum } from '../../../shared/attempts/checksum.ts';
import { PermanentError } from '../../../shared/errors.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { FrozenFile, InputManifest } from '../../../shared/runs/input.ts';
import type { InputFile } from '../formats/opened-file.ts';

/** A file of the watched bucket: its name there, and where its copy is. */
export interface RawFile extends InputFile {
  readonly role: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** One after the other: the disk of a job is memory, and so is what is on its way to it. */
export async function downloadInput(
  runs: ObjectStore,
  manifest: InputManifest,
  folder: string,
): Promise<readonly RawFile[]> {
  await mkdir(folder, { recursive: true });
  const files: RawFile[] = [];
  for (const [index, frozen] of manifest.files.entries()) {
    if (frozen.bucket !== undefined) continue;
    files.push(await download(runs, frozen, join(folder, String(index))));
  }
  return files;
}

async function download(runs: ObjectStore, file: FrozenFile, path: string): Promise<RawFile> {
  const [md5, sha256, sum] = [createHash('md5'), createHash('sha256'), new Checksum()];
  const summing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum.add(chunk);
      md5.update(chunk);
      sha256.update(chunk);
      if (sum.sizeBytes > file.sizeBytes)
        return done(mismatch(runs, file, 'more bytes', `${file.sizeBytes}`));
      done(null, chunk);
    },
  });
  await pipeline(runs.read(file.object), summing, createWriteStream(path));
  if (sum.sizeBytes !== file.sizeBytes)
    throw mismatch(runs, file, `${sum.sizeBytes} bytes`, `${file.sizeBytes}`);
  const digest = md5.digest('base64');
  if (file.crc32c !== undefined && file.crc32c !== sum.crc32c)
    throw mismatch(runs, file, `crc32c ${sum.crc32c}`, file.crc32c);
  if (file.md5 !== undefined && file.md5 !== digest) throw mismatch(runs, file, `md5 ${digest}`, file.md5);
  if (file.crc32c === undefined && file.md5 === undefined)
    throw mismatch(runs, file, 'no checksum in its manifest', 'md5 or crc32c');
  return { role: file.role, name: file.name, path, sizeBytes: file.sizeBytes, sha256: sha256.digest('hex') };
}

const mismatch = (runs: ObjectStore, file: FrozenFile, found: string, expected: string): PermanentError =>
  new PermanentError(
    `gs://${runs.bucket}/${file.object} ("${file.name}") has ${found}; expected ${expected}`,
    {
      code: 'INPUT_MISMATCH',
    },
  );
