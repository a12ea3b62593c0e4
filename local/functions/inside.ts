// How a function's endpoint recognises the cloud's own services, whose calls count as internal, from the internet.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A header of the last hop: it is never passed on to a function. */
export const INSIDE = 'x-local-cloud-inside';

// Known to this process alone: no outside caller can send it.
const secret = randomUUID();

interface Sending {
  readonly headers: Record<string, string>;
}

type Send<Request> = (request: Request) => Promise<number>;

/** Makes a sender's requests count as internal. */
export const fromInside =
  <Request extends Sending>(send: Send<Request>): Send<Request> =>
  (request) =>
    send({ ...request, headers: { ...request.headers, [INSIDE]: secret } });

/** The same for the requests to URLs that the cloud serves itself; an endpoint elsewhere never learns the secret. */
export const fromInsideTo =
  (isOwn: (url: string) => boolean) =>
  <Request extends Sending & { readonly url: string }>(send: Send<Request>): Send<Request> =>
  (request) =>
    (isOwn(request.url) ? fromInside(send) : send)(request);

export const sentFromInside = (headers: IncomingHttpHeaders): boolean => headers[INSIDE] === secret;
