// What becomes of a request's body that was answered before it was read to its end.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface DrainBounds {
  readonly largestBytes: number;
  readonly longestMs: number;
}

const BOUNDS: DrainBounds = { largestBytes: 64 * 1024 * 1024, longestMs: 30_000 };

/**
 * Reads and drops what is left of the body once the answer is out. Left alone, a body of more than the buffers
 * take stops the connection: the client writes on, its next request is never read, and a minute later the server
 * cuts it. Closing at once is no way out either, since a client that still writes may lose the answer with the
 * connection. A body over the bounds costs the connection, after its answer.
 */
export function drainAfterAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { largestBytes, longestMs }: DrainBounds = BOUNDS,
): void {
  // Before the server's own listener of this event.
  response.prependOnceListener('finish', () => {
    if (request.readableEnded || request.destroyed) return;
    const cut = (): void => void request.socket.destroy();
    // A connection that the client closes meanwhile leaves this request as it is, without an event.
    const late = setTimeout(cut, longestMs).unref();
    let leftBytes = largestBytes;
    const take = (): void => {
      for (let chunk = read(request); chunk !== null; chunk = read(request)) leftBytes -= chunk.length;
      if (leftBytes < 0) cut();
    };
    request.on('readable', take).once('close', () => clearTimeout(late));
    // At once, or the server would find a body that no one reads, and drop it uncounted and without an end.
    take();
  });
}

const read = (request: IncomingMessage): Buffer | null => request.read() as Buffer | null;
