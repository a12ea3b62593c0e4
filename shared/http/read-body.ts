// Reads the body of a request as it was sent, up to a limit: never parsed, never inflated.
import type { IncomingMessage } from 'node:http';
import type { Body } from './call.ts';

const NOTHING = Buffer.alloc(0);
// Cloud Run passes on no longer request.
const MOST_DRAINED_BYTES = 32 * 1024 * 1024;
const LONGEST_DRAIN_MS = 10_000;

/**
 * What is beyond the limit is read and dropped, within bounds: a sender that is still writing when its connection is
 * closed gets an error in place of the answer. Undefined: the sender went away.
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Body | undefined> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  const read = hasBody(request) ? await readBytes(request, mostBytes) : NOTHING;
  if (read === undefined) return undefined;
  return {
    bytes: read === 'too-long' ? NOTHING : read,
    contentType: headers['content-type'],
    encoding: encoding === 'identity' ? undefined : encoding,
    tooLong: read === 'too-long',
  };
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function readBytes(request: IncomingMessage, mostBytes: number): Promise<Buffer | 'too-long' | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let late: NodeJS.Timeout | undefined;
    const end = (read: Buffer | 'too-long' | undefined): void => {
      clearTimeout(late);
      resolve(read);
    };
    const drop = (): void => {
      chunks.length = 0;
      late ??= setTimeout(() => end('too-long'), LONGEST_DRAIN_MS);
      if (bytes > MOST_DRAINED_BYTES) end('too-long');
    };
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) drop();
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (late === undefined && bytes <= mostBytes) chunks.push(chunk);
      else drop();
    });
    request.once('end', () => end(late === undefined ? Buffer.concat(chunks, bytes) : 'too-long'));
    // After the end it changes nothing.
    request.once('close', () => end(undefined));
  });
}
