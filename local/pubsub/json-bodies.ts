// Requests that say they carry JSON and carry nothing, as Google's generated clients send with DELETE.
import type { FastifyInstance } from 'fastify';

/** Gives the routes of `hang` a parser for which an empty JSON body is no body; other routes keep theirs. */
export function withEmptyBodies(app: FastifyInstance, hang: (scope: FastifyInstance) => void): void {
  void app.register(async (scope) => {
    const parse = scope.getDefaultJsonParser('error', 'error');
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
      body === '' ? done(null, undefined) : parse(request, body, done),
    );
    hang(scope);
  });
}
