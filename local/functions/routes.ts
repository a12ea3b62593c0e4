// The front door of the functions: every method on a function's URL, for callers with a token.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { ApiError } from '../http/errors.ts';
import type { Functions } from './functions.ts';

const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

// Headers of one hop only (RFC 9110, 7.6.1), and those that the next hop sets itself.
const OF_THIS_HOP = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * Adds `/functions/NAME` and all below it. The caller's token decides, never the port it came in by; the
 * body goes through untouched, whatever its type.
 */
export function functionRoutes(app: FastifyInstance, functions: Functions): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const handler = (request: FastifyRequest, reply: FastifyReply) => serve(functions, request, reply);
    scope.all('/functions/:name', handler);
    scope.all('/functions/:name/*', handler);
  });
}

async function serve(functions: Functions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { name } = request.params as { name: string };
  await functions.admit(name, request.headers.authorization);
  const answer = await functions.invoke(name, {
    method: request.method,
    path: pathBelow(request.url),
    headers: withoutSignature(endToEnd(request.headers)),
    body: await readBody(request.body as Readable | undefined | null),
  });
  return reply.code(answer.status).headers(endToEnd(answer.headers)).send(answer.body);
}

/** `/functions/NAME/a/b?c` is `/a/b?c` to the function, and `/functions/NAME?c` is `/?c`. */
function pathBelow(url: string): string {
  const below = /^(?:https?:\/\/[^/]+)?\/functions\/[^/?]+(.*)$/s.exec(url)?.[1] ?? '';
  return below.startsWith('/') ? below : `/${below}`;
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THIS_HOP.includes(name)));
}

/** The function may read who calls it, and not become that caller: the token goes on unsigned, as on Cloud Run. */
function withoutSignature(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const authorization = headers.authorization?.replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE');
  return { ...headers, authorization };
}

async function readBody(stream: Readable | undefined | null): Promise<Buffer | undefined> {
  if (stream === undefined || stream === null) return undefined;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > LARGEST_BODY_BYTES) {
      throw new ApiError(413, 'uploadTooLarge', 'The request is larger than 32 MiB.');
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
