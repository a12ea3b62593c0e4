// Counts what reaches the local cloud, by watching Node's own HTTP servers; nothing is put in between.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const STARTED = 'http.server.request.start';

/** The requests, `METHOD /path`, that reach a server of this process while `work` goes on. */
export async function requestsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const note = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    seen.push(`${request.method} ${decodeURIComponent((request.url ?? '').split('?')[0] ?? '')}`);
  };
  subscribe(STARTED, note);
  try {
    await work();
  } finally {
    unsubscribe(STARTED, note);
  }
  return seen;
}
