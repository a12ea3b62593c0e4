// The kernel of the local cloud's HTTP: one Fastify instance that all services hang their routes on.
import Fastify, { type FastifyInstance } from 'fastify';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusalOf } from './callers.ts';
import { ApiError, forbidden, notImplemented } from './errors.ts';
import { Faults } from './faults.ts';
import { checkDepth } from './json.ts';
import { retryTestRoutes } from './retry-tests.ts';
import { drainAfterAnswer } from './unread-bodies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The identity that called: the email of a service account, or `OPERATOR`. */
    caller: string;
  }
}

/** The identity of the developer at this machine: it owns the project and may do everything. */
export const OPERATOR = 'operator@local';

// Names in Google's URLs can be as long as an object's name, percent-encoded.
const LONGEST_PARAMETER = 4096;
const LARGEST_JSON_BODY_BYTES = 32 * 1024 * 1024;
const LONGEST_RECEIPT_MS = 3_600_000;
const LOOPBACK = '127.0.0.1';
const JSON_TYPE = 'application/json; charset=UTF-8';

/**
 * On every answer: what a bucket or a folder holds may be a page, and opened in a browser it would be one of this
 * server's own. A sandboxed page runs no script and has no origin.
 */
export const CLOSED_TO_BROWSERS = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
} as const;

export interface Api {
  readonly app: FastifyInstance;
  readonly faults: Faults;
  /** Opens a loopback port on which every request counts as made by `caller`; port 0 picks a free one. */
  listenAs(caller: string, port?: number): Promise<number>;
  /** Whether this process answers at that URL. */
  serves(url: string): boolean;
  close(): Promise<void>;
}

/**
 * Makes the API. JSON bodies arrive parsed in `request.body`; every other content type arrives as a raw
 * Node stream in `request.body`, unread; what a handler leaves of it is drained after the answer. A handler throws
 * `ApiError` to answer with Google's error. Requests of web pages reach no handler.
 */
export function createApi(): Api {
  const callers = new WeakMap<IncomingMessage, string>();
  const faults = new Faults();
  const app = Fastify({
    routerOptions: { maxParamLength: LONGEST_PARAMETER, ignoreTrailingSlash: true },
    bodyLimit: LARGEST_JSON_BODY_BYTES,
    forceCloseConnections: true,
  });
  app.decorateRequest('caller', OPERATOR);
  app.addHook('onRequest', async (request, reply) => {
    request.caller = callers.get(request.raw) ?? OPERATOR;
    void reply.headers(CLOSED_TO_BROWSERS);
  });
  faults.attach(app);
  acceptEmptyJson(app);
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  retryTestRoutes(app, faults);
  app.setNotFoundHandler((request) => {
    throw notImplemented(`${request.method} ${request.url.split('?')[0]}`);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const known = knownError(error);
    // Fastify closes the connection on a body that it refuses; here the rest of it is drained.
    return reply.removeHeader('connection').code(known.code).type(JSON_TYPE).send(known.body());
  });

  const servers: Server[] = [];
  return {
    app,
    faults,
    async listenAs(caller, port = 0) {
      await app.ready();
      const server = createServer((request, response) => {
        drainAfterAnswer(request, response);
        const refusal = refusalOf(request);
        if (refusal !== undefined) return refuse(response, forbidden(refusal));
        callers.set(request, caller);
        app.routing(request, response);
      });
      // The Google clients keep connections alive; cutting them early would look like lost answers.
      server.keepAliveTimeout = 60_000;
      server.requestTimeout = LONGEST_RECEIPT_MS;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, LOOPBACK, resolve);
      });
      servers.push(server);
      return (server.address() as AddressInfo).port;
    },
    serves(url) {
      if (!URL.canParse(url)) return false;
      const { protocol, hostname, port } = new URL(url);
      return (
        protocol === 'http:' &&
        hostname === LOOPBACK &&
        servers.some((server) => (server.address() as AddressInfo | null)?.port === Number(port))
      );
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await app.close();
    },
  };
}

/** What a handler threw, as Google's error; Fastify's own errors bring their status. */
function knownError(error: Error & { statusCode?: number }): ApiError {
  if (error instanceof ApiError) return error;
  const status = error.statusCode ?? 500;
  return new ApiError(status, status < 500 ? 'invalid' : 'internalError', error.message);
}

/** Before any routing, in the form in which the services answer errors. */
function refuse(response: ServerResponse, error: ApiError): void {
  response
    .writeHead(error.code, { ...CLOSED_TO_BROWSERS, 'content-type': JSON_TYPE })
    .end(JSON.stringify(error.body()));
}

/** Google's generated clients say with a DELETE that it carries JSON, and send nothing: no body, not a bad one. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    checkDepth(body);
    return parse(request, body, done);
  });
}
