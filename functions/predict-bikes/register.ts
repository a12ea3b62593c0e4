// Registers the service with the functions framework: bodies come as they were sent, answers go as they are.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, Call } from './call.ts';
import { bodyOf, keepBodies } from './raw-bodies.ts';

type Request = IncomingMessage & { readonly path: string; readonly rawBody?: Buffer };
type Handler = (request: Request, response: ServerResponse) => Promise<void>;

interface Service {
  readonly begin: () => void;
  readonly answer: (call: Call) => Promise<Answer>;
}

/** `http`: the framework's, which only an entry point imports. */
export function register(
  http: (name: string, handler: Handler) => void,
  name: string,
  { begin, answer }: Service,
): void {
  keepBodies();
  // A process that only loads the function, such as a build, has no model to load.
  subscribe('tracing:net.server.listen:asyncEnd', begin);
  http(name, async (request, response) => {
    const { method = '', path } = request;
    const { status, headers, text } = await answer({ method, path, ...bodyOf(request) });
    response.writeHead(status, headers).end(text);
  });
}
