// Sees what reaches the local cloud, by watching Node's own HTTP servers; nothing is put in between.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const STARTED = 'http.server.request.start';

/** Calls `listener` with every request that reaches a server of this process, until the answer is called. */
export function onRequest(listener: (request: IncomingMessage) => void): () => void {
  const listen = (message: unknown) => listener((message as { request: IncomingMessage }).request);
  subscribe(STARTED, listen);
  return () => unsubscribe(STARTED, listen);
}

/** The requests, `METHOD /path`, that reach a server of this process during `work`. */
export async function requestsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const observed: string[] = [];
  const stop = onRequest(({ method, url = '' }) => {
    observed.push(`${method} ${decodeURIComponent(url.split('?')[0] ?? '')}`);
  });
  try {
    await work();
  } finally {
    stop();
  }
  return observed;
}
