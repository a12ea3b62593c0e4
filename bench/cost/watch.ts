// Sees which identity called which service, and how long each function was busy, at the local cloud's own servers.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Calls, Work } from './measured.ts';

type Kind = keyof Calls;

const LEAST_MESSAGE_BYTES = 1000;

/** Whose port a request came in by: a function's name, `job`, or none that bills. */
export type Callers = ReadonlyMap<number, string>;

export type Watched = Pick<Work, 'functions' | 'messages'> & { readonly jobCalls: Calls };

/** Watches until `stop` is called, which gives what was seen. */
export function watch(callers: Callers): () => Watched {
  const functions: Record<string, { requests: number; seconds: number; calls: Calls }> = {};
  const of = (name: string) => (functions[name] ??= { requests: 0, seconds: 0, calls: noCalls() });
  const jobCalls = noCalls();
  const messages = { count: 0, bytes: 0, ofStorage: 0 };
  const startedMs = new WeakMap<IncomingMessage, number>();

  const onStart = (event: unknown) => {
    const { request } = event as { request: IncomingMessage };
    startedMs.set(request, performance.now());
    const path = pathOf(request);
    const caller = callers.get(request.socket.localPort ?? 0);
    const kind = kindOf(request.method ?? '', path);
    if (caller !== undefined && kind !== undefined) (caller === 'job' ? jobCalls : of(caller).calls)[kind]++;
    const topic = /^\/functions\/[^/]+\/projects\/[^/]+\/topics\/([^/]+)$/.exec(path)?.[1];
    if (topic === undefined) return;
    messages.count++;
    messages.bytes += Math.max(LEAST_MESSAGE_BYTES, Number(request.headers['content-length'] ?? 0));
    if (topic === 'output-finalized') messages.ofStorage++;
  };
  const onFinish = (event: unknown) => {
    const { request } = event as { request: IncomingMessage };
    const name = /^\/functions\/([^/]+)/.exec(pathOf(request))?.[1];
    if (name === undefined) return;
    of(name).requests++;
    of(name).seconds += (performance.now() - (startedMs.get(request) ?? performance.now())) / 1000;
  };
  subscribe('http.server.request.start', onStart);
  subscribe('http.server.response.finish', onFinish);
  return () => {
    unsubscribe('http.server.request.start', onStart);
    unsubscribe('http.server.response.finish', onFinish);
    return { functions, jobCalls, messages };
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] ?? '';

export const noCalls = (): Calls => ({
  storageWrites: 0,
  storageReads: 0,
  drive: 0,
  pubsub: 0,
  bigquery: 0,
  run: 0,
  functions: 0,
  traces: 0,
});

/** Undefined for calls that are free and short: tokens, and the later parts of one upload. */
export function kindOf(method: string, path: string): Kind | undefined {
  if (path.startsWith('/functions/')) return 'functions';
  if (path.startsWith('/drive/')) return 'drive';
  if (path.startsWith('/bigquery/') || path.startsWith('/upload/bigquery/')) return 'bigquery';
  if (/^\/v1\/projects\/[^/]+\/(topics|subscriptions)/.test(path)) return 'pubsub';
  if (path === '/v1/traces') return 'traces';
  if (/^\/v2\/projects\/[^/]+\/locations\//.test(path)) return 'run';
  return /^(\/upload|\/download)?\/storage\/v1\//.test(path) ? storageKindOf(method, path) : undefined;
}

// https://cloud.google.com/storage/pricing#operations-by-class; deletions are free.
function storageKindOf(method: string, path: string): Kind | undefined {
  if (method === 'GET') return /\/b(\/[^/]+\/o)?$/.test(path) ? 'storageWrites' : 'storageReads';
  return method === 'POST' || method === 'PATCH' ? 'storageWrites' : undefined;
}
