// The kernel of the local cloud's HTTP: one Fastify instance that all services hang their routes on.
import Fastify, { type FastifyInstance } from 'fastify';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, notImplemented } from './errors.ts';
import { Faults } from './faults.ts';
import { retryTestRoutes } from './retry-tests.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The identity that called: the email of a service account, or `OPERATOR`. */
    caller: string;
  }
}

/** The identity of a person at the keyboard: it owns the project and may do everything. */
export const OPERATOR = 'operator@local';

// Names in Google's URLs can be as long as an object's name, percent-encoded.
const LONGEST_PARAMETER = 4096;
const LARGEST_JSON_BODY_BYTES = 32 * 1024 * 1024;

export interface Api {
  readonly app: FastifyInstance;
  readonly faults: Faults;
  /** Opens a loopback port on which every request counts as made by `caller`; port 0 picks a free one. */
  listenAs(caller: string, port?: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Makes the API. JSON bodies arrive parsed in `request.body`; every other content type arrives as a raw
 * Node stream in `request.body`, unread. A handler throws `ApiError` to answer with Google's error.
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
  app.addHook('onRequest', async (request) => {
    request.caller = callers.get(request.raw) ?? OPERATOR;
  });
  faults.attach(app);
  acceptEmptyJson(app);
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  retryTestRoutes(app, faults);
  app.setNotFoundHandler((request) => {
    throw notImplemented(`${request.method} ${request.url.split('?')[0]}`);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const known =
      error instanceof ApiError
        ? error
        : new ApiError(
            error.statusCode ?? 500,
            (error.statusCode ?? 500) < 500 ? 'invalid' : 'internalError',
            error.message,
          );
    return reply.code(known.code).type('application/json; charset=UTF-8').send(known.body());
  });

  const servers: Server[] = [];
  return {
    app,
    faults,
    async listenAs(caller, port = 0) {
      await app.ready();
      const server = createServer((request, response) => {
        callers.set(request, caller);
        app.routing(request, response);
      });
      // The Google clients keep connections alive; cutting them early would look like lost answers.
      server.keepAliveTimeout = 60_000;
      server.requestTimeout = 0;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
      servers.push(server);
      return (server.address() as AddressInfo).port;
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

/** Google's generated clients say with a DELETE that it carries JSON, and send nothing: no body, not a bad one. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  );
}
