// Registers a service with the functions framework: bodies come as they were sent, answers go as they are.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, BytesAnswer, StreamedAnswer, WholeCall } from './call.ts';
import { bodyOf, drained, keepBodies } from './raw-bodies.ts';

type Request = IncomingMessage & { readonly path: string; readonly rawBody?: Buffer };
type Handler = (request: Request, response: ServerResponse) => Promise<void>;

type Given = Answer | BytesAnswer | StreamedAnswer;

export interface HttpService<Made extends Given = Given> {
  /** What the process does once it listens, before any request. */
  readonly begin?: () => void;
  readonly mostBodyBytes: number;
  readonly answer: (call: WholeCall) => Promise<Made>;
}

/** `http`: the framework's, which only an entry point imports. */
export function register(
  http: (name: string, handler: Handler) => void,
  name: string,
  { begin, answer, mostBodyBytes }: HttpService,
): void {
  keepBodies(mostBodyBytes);
  // A process that only loads the function, such as a build, has nothing to begin with.
  if (begin !== undefined) subscribe('tracing:net.server.listen:asyncEnd', begin);
  http(name, async (request, response) => {
    const call = callOf(request, mostBodyBytes);
    if (call.tooLong || call.encoding !== undefined) await drained(request);
    const given = await answer(call);
    response.writeHead(given.status, given.headers);
    if ('text' in given) response.end(given.text);
    else if ('bytes' in given) response.end(given.bytes);
    else await stream(given, response);
  });
}

function callOf(request: Request, mostBodyBytes: number): WholeCall {
  const { method = '', path, url = '', headers, headersDistinct } = request;
  const at = url.indexOf('?');
  const query = at === -1 ? '' : url.slice(at + 1);
  return { method, path, query, headers, distinct: headersDistinct, ...bodyOf(request, mostBodyBytes) };
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
