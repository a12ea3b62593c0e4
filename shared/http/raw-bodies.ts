// Keeps the framework from parsing bodies: it would answer malformed JSON in HTML, inflate a bomb, and hold a gigabyte.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Body } from './call.ts';

/** What the headers of a request said of its body. */
interface Said {
  readonly contentType: string | undefined;
  readonly encoding: string | undefined;
  /** Longer than the limit, by its own account; it is not read. */
  readonly tooLong: boolean;
}

const said = new WeakMap<IncomingMessage, Said>();

/**
 * From here on every body arrives in `rawBody`, as it was sent. Node publishes each request before the server's handlers
 * see it; the framework then reads the headers that are left:
 *
 *     a body                                 its type hidden: kept as it is, parsed by no one
 *     compressed, or longer than the limit   its length hidden: not read at all
 */
export function keepBodies(mostBytes: number): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    // A process with two functions keeps the bodies of both by the limit of the first.
    if (said.has(request)) return;
    const { headers } = request;
    const contentType = headers['content-type'];
    const encoding = headers['content-encoding'];
    const tooLong = Number(headers['content-length'] ?? 0) > mostBytes;
    said.set(request, { contentType, encoding, tooLong });
    headers['content-type'] = 'application/octet-stream';
    if (!tooLong && isPlain(encoding)) return;
    delete headers['content-length'];
    delete headers['transfer-encoding'];
  });
}

const isPlain = (encoding: string | undefined): boolean => encoding === undefined || encoding === 'identity';

// Cloud Run passes on no longer request.
const MOST_DRAINED_BYTES = 32 * 1024 * 1024;
const LONGEST_DRAIN_MS = 10_000;

/**
 * Reads what is left of a body that is refused, within bounds: a sender that is still writing when its connection is
 * closed gets an error in place of the answer.
 */
export function drained(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = MOST_DRAINED_BYTES;
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, LONGEST_DRAIN_MS);
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    });
    request.once('end', end);
    request.once('close', end);
  });
}

export function bodyOf(request: IncomingMessage & { readonly rawBody?: Buffer }, mostBytes: number): Body {
  const { contentType, encoding, tooLong = false } = said.get(request) ?? {};
  const bytes = request.rawBody ?? Buffer.alloc(0);
  return {
    bytes,
    contentType,
    encoding: isPlain(encoding) ? undefined : encoding,
    tooLong: tooLong || bytes.length > mostBytes,
  };
}
