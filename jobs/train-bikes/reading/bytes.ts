// The bytes of an export as a stream: inflated where they are gzip, whatever the file is called, and within bounds.
import { createGunzip } from 'node:zlib';
import { pipeline, type Readable } from 'node:stream';
import { unusable } from './unusable.ts';

export interface Bounds {
  /** Inflated bytes of one file. */
  readonly mostBytes: number;
  /** Inflated bytes for each compressed one, after the first megabytes. */
  readonly mostRatio: number;
}

/**
 * Ten million rows are 1.7 GB. An export sorted by counter and time shrinks to a 38th, a file of nothing but zeros to
 * about a 90th, and the most that deflate can do is 1,032.
 */
export const BOUNDS: Bounds = { mostBytes: 4 * 1024 ** 3, mostRatio: 200 };

const UNBOUNDED_BYTES = 8 * 1024 ** 2;
const PIECE_BYTES = 256 * 1024;
const MAGIC_BYTES = 4;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from('PK\u0003\u0004');
const EXPECTED = 'text with separators (CSV), as it is or as gzip';

/** Pieces of at most 256 KiB. Throws `UnusableFile` for gzip that is cut off, damaged or a bomb. */
export async function* bytesOf(
  open: () => Readable,
  bounds: Bounds = BOUNDS,
): AsyncGenerator<Buffer, void, undefined> {
  const pieces = startingWith(MAGIC_BYTES, open());
  const first = await pieces.next();
  if (first.done === true) return;
  if (first.value.subarray(0, 4).equals(ZIP)) throw unusable('a ZIP archive or an Excel workbook', EXPECTED);
  const rest = (async function* () {
    yield first.value;
    yield* pieces;
  })();
  yield* first.value.subarray(0, 2).equals(GZIP) ? inflated(rest, bounds) : rest;
}

/** Small pieces; the first one has at least `least` bytes if there are as many. */
export async function* startingWith(
  least: number,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let start = Buffer.alloc(0);
  let isStarted = false;
  for await (const chunk of chunks) {
    if (isStarted) {
      yield* slices(chunk);
      continue;
    }
    start = Buffer.concat([start, chunk.subarray(0, least)]);
    if (start.length < least) continue;
    isStarted = true;
    yield start;
    yield* slices(chunk.subarray(least));
  }
  if (!isStarted && start.length > 0) yield start;
}

function* slices(chunk: Buffer): Generator<Buffer, void, undefined> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

async function* inflated(
  compressed: AsyncIterable<Buffer>,
  { mostBytes, mostRatio }: Bounds,
): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  // The error reaches the loop below as well.
  pipeline(compressed, gunzip, () => undefined);
  let sizeBytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) throw unusable(`over ${mostBytes} bytes when inflated`, 'less');
      const most = UNBOUNDED_BYTES + mostRatio * gunzip.bytesWritten;
      if (sizeBytes > most)
        throw unusable(`gzip that inflates to over ${mostRatio} times its size`, 'the gzip of an export');
      yield chunk;
    }
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw cause;
    throw code === 'Z_BUF_ERROR'
      ? unusable('gzip that is cut off', 'the whole file', { cause })
      : unusable(`damaged gzip (${(cause as Error).message})`, 'gzip that can be inflated', { cause });
  }
}
