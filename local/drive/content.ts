// Reads the bytes of files that people may be writing at the same moment.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Bytes `first` to `last`, both counted from 0 and included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface OpenContent {
  readonly sizeBytes: number;
  /** Streams the file as it is while it is read; closes it at the end. */
  stream(range?: ByteRange): Readable;
  close(): Promise<void>;
}

/** Opens a plain file; undefined when it does not exist or is something else. Links are not followed. */
export async function openContent(path: string): Promise<OpenContent | undefined> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    return undefined;
  }
  return {
    sizeBytes: stats.size,
    stream: (range) =>
      file.createReadStream(range === undefined ? {} : { start: range.first, end: range.last }),
    close: () => file.close(),
  };
}

/** The MD5, in hex, of the files' bytes one after the other; undefined when one of them does not exist. */
export async function md5Of(paths: readonly string[]): Promise<string | undefined> {
  const hash = createHash('md5');
  for (const path of paths) {
    const content = await openContent(path);
    if (content === undefined) return undefined;
    for await (const chunk of content.stream()) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
