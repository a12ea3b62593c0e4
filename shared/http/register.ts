// Registers a service with the functions framework, which starts and ends the process, and answers its server's requests.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Answer, BytesAnswer, StreamedAnswer, WholeCall } from './call.ts';
import { readBody } from './read-body.ts';

type Given = Answer | BytesAnswer | StreamedAnswer;

export interface HttpService<Made extends Given = Given> {
  /** What the process does once it listens, before any request. */
  readonly begin?: () => void;
  readonly mostBodyBytes: number;
  readonly answer: (call: WholeCall) => Promise<Made>;
}

/** Node publishes each server here as it begins to listen, before any connection. */
const LISTENS = 'tracing:net.server.listen:asyncStart';

/**
 * The service takes the place of the framework's own handler on the first server that listens. That handler parses every
 * body, answers malformed JSON in HTML and inflates what is compressed; and it opens a domain for each request, with
 * which Node follows every promise of the process. `http`: the framework's, which only an entry point imports.
 */
export function register(
  http: (name: string, handler: () => never) => void,
  name: string,
  service: HttpService,
): void {
  http(name, () => {
    throw new TypeError(`${name} answers the first server of its process, and this is another one`);
  });
  const take = (message: unknown): void => {
    const { server } = message as { readonly server: unknown };
    if (!(server instanceof Server)) return;
    unsubscribe(LISTENS, take);
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      answer(request, response, service).catch((error: unknown) => fail(error, response));
    });
    if (service.begin !== undefined) server.once('listening', service.begin);
  };
  subscribe(LISTENS, take);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  service: HttpService,
): Promise<void> {
  const body = await readBody(request, service.mostBodyBytes);
  if (body === undefined) return;
  const { method = '', url = '', headers, headersDistinct } = request;
  const at = url.indexOf('?');
  const [path, query] = at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  const given = await service.answer({ method, path, query, headers, distinct: headersDistinct, ...body });
  response.writeHead(given.status, given.headers);
  if ('text' in given) response.end(given.text);
  else if ('bytes' in given) response.end(given.bytes);
  else await stream(given, response);
}

async function stream({ pieces }: StreamedAnswer, response: ServerResponse): Promise<void> {
  // Without it the caller waits for the first piece to learn that it is answered.
  response.flushHeaders();
  for await (const piece of pieces) {
    if (response.destroyed) break;
    response.write(piece);
  }
  response.end();
}

/** A service answers its own errors; this is one that it did not expect, or a stream that broke. */
function fail(error: unknown, response: ServerResponse): void {
  const message = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${JSON.stringify({ severity: 'ERROR', message })}\n`);
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
}
