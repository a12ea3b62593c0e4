// How a function's front door knows the cloud's own services, whose calls count as internal, from the internet.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A header of the last hop: it is never passed on to a function. */
export const INSIDE = 'x-local-cloud-inside';

// Known to this process alone: nobody outside can say it.
const secret = randomUUID();

interface Sending {
  readonly headers: Record<string, string>;
}

/** Makes a sender's requests count as internal. */
export const fromInside =
  <Request extends Sending>(send: (request: Request) => Promise<number>) =>
  (request: Request): Promise<number> =>
    send({ ...request, headers: { ...request.headers, [INSIDE]: secret } });

export const sentFromInside = (headers: IncomingHttpHeaders): boolean => headers[INSIDE] === secret;
