// The public endpoint of the functions: every method on a function's URL, for callers with a token.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { CLOSED_TO_BROWSERS } from '../http/api.ts';
import { readWhole } from '../http/bodies.ts';
import type { Authorization, Functions } from './functions.ts';
import { INSIDE, sentFromInside } from './inside.ts';

const SERVERLESS = 'x-serverless-authorization';
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

// Headers of one hop only (RFC 9110, 7.6.1), and those that the next hop sets itself.
const OF_THIS_HOP = [
  'connection',
  'content-length',
  'expect',
  'host',
  INSIDE,
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
 * body of any type goes through untouched.
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
  const authorized = await functions.admit(name, {
    authorization: request.headers[checked(request.headers)] as string | undefined,
    isInternal: sentFromInside(request.headers),
  });
  if (authorized.kind === 'refused') return refuse(reply, authorized, pathBelow(request.url));
  const answer = await functions.invoke(name, {
    method: request.method,
    path: pathBelow(request.url),
    headers: authorized.isOpen ? endToEnd(request.headers) : withoutSignature(endToEnd(request.headers)),
    // A request that carries none has no body here, which is not an empty one.
    body: request.body ? await readWhole(request.raw, LARGEST_BODY_BYTES) : undefined,
  });
  // Only functions answer with pages, and say themselves what a browser may do with them.
  for (const header of Object.keys(CLOSED_TO_BROWSERS)) reply.removeHeader(header);
  return reply.code(answer.status).headers(endToEnd(answer.headers)).send(answer.body);
}

type Refusal = Extract<Authorization, { kind: 'refused' }>;

/** The front end's own pages, which no function sees; only the log has the reason, as at Google. */
function refuse(reply: FastifyReply, { status }: Refusal, url: string): FastifyReply {
  const path = (url.split('?')[0] ?? '').replace(/[<>&"]/g, '');
  const [title, heading, sentence] = {
    401: [
      '401 Unauthorized',
      'Error: Unauthorized',
      `Your client does not have permission to the requested URL <code>${path}</code>.`,
    ],
    403: [
      '403 Forbidden',
      'Error: Forbidden',
      `Your client does not have permission to get URL <code>${path}</code> from this server.`,
    ],
    404: ['404 Page not found', 'Error: Page not found', 'The requested URL was not found on this server.'],
  }[status] as [string, string, string];
  if (status === 401) {
    const challenge = 'error="invalid_token" error_description="The access token could not be verified"';
    void reply.header('www-authenticate', `Bearer ${challenge}`);
  }
  const page = `<html><head><title>${title}</title></head><body><h1>${heading}</h1><h2>${sentence}</h2></body></html>`;
  return reply.code(status).type('text/html; charset=UTF-8').send(page);
}

/** `/functions/NAME/a/b?c` is `/a/b?c` to the function, and `/functions/NAME?c` is `/?c`. */
function pathBelow(url: string): string {
  const below = /^(?:https?:\/\/[^/]+)?\/functions\/[^/?]+(.*)$/s.exec(url)?.[1] ?? '';
  return below.startsWith('/') ? below : `/${below}`;
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THIS_HOP.includes(name)));
}

/** Of two headers that may bring a token one is checked, and the other left as it is, as on Cloud Run. */
const checked = (headers: IncomingHttpHeaders): string =>
  SERVERLESS in headers ? SERVERLESS : 'authorization';

/**
 * The function may read who calls it, and not become that caller: the token is passed on unsigned, as on Cloud Run. A
 * function that is open to everyone receives the token as it is, because nothing else has verified it.
 */
function withoutSignature(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const name = checked(headers);
  const token = headers[name] as string | undefined;
  return { ...headers, [name]: token?.replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE') };
}
