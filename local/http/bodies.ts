// Reads the raw bodies of requests: streamed, or whole within a bound.
import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/** Read without closing the connection when reading stops early: the answer still has to go out on it. */
export function bytesOf(body: IncomingMessage): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) };
}

/** The whole body; throws 413 when it has more than `mostBytes`. */
export async function readWhole(body: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of bytesOf(body)) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > mostBytes) {
      throw new ApiError(413, 'uploadTooLarge', `The request body has more than ${mostBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
