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
