// Inflates one entry of an archive, piece by piece, and holds it to its declared size and checksum.
import { crc32, createInflateRaw } from 'node:zlib';
import { unusable } from '../unusable.ts';
import { STORED, type ZipEntry } from './directory.ts';

const LARGEST_CHUNK_BYTES = 256 * 1024;
const SMALLEST_CHUNK_BYTES = 1024;

/** Throws `UnusableWorkbook` after the last piece at the latest: more than declared, or other bytes, are refused. */
export async function* inflate(file: Buffer, entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
  let sizeBytes = 0;
  let sum = 0;
  const chunks = entry.method === STORED ? slices(file, entry) : inflated(file, entry);
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > entry.inflatedBytes) break;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sizeBytes !== entry.inflatedBytes) {
    throw unusable(`a damaged workbook: ${entry.name} cannot be inflated to the size it declares`);
  }
  if (sum !== entry.crc32) {
    throw unusable(`a damaged workbook: the checksum of ${entry.name} does not agree`);
  }
}

function* slices(file: Buffer, { start, end }: ZipEntry): Generator<Buffer, void, undefined> {
  for (let at = start; at < end; at += LARGEST_CHUNK_BYTES) {
    yield file.subarray(at, Math.min(end, at + LARGEST_CHUNK_BYTES));
  }
}

async function* inflated(file: Buffer, entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
  const chunkSize = Math.min(Math.max(entry.inflatedBytes, SMALLEST_CHUNK_BYTES), LARGEST_CHUNK_BYTES);
  const inflater = createInflateRaw({ chunkSize });
  inflater.end(file.subarray(entry.start, entry.end));
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    throw unusable(
      `a damaged workbook: ${entry.name} cannot be inflated (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  if (inflater.bytesWritten !== entry.end - entry.start) {
    throw unusable(`a damaged workbook: bytes follow the end of ${entry.name}`);
  }
}
