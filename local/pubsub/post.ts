// Sends one HTTP request and tells how it was answered; the local cloud's way to call its functions.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Post } from './pump.ts';

/**
 * Gives the HTTP status; rejects when no answer came within `timeoutMs`, or the signal fired. It stands on
 * `node:http` because `fetch` gives up by itself after five minutes, before the longest deadlines.
 */
export function sendOverHttp(o: {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
  timeoutMs: number;
  signal?: AbortSignal;
}): Promise<number> {
  const deadline = AbortSignal.timeout(o.timeoutMs);
  const signal = o.signal === undefined ? deadline : AbortSignal.any([o.signal, deadline]);
  const start = o.url.startsWith('https:') ? httpsRequest : httpRequest;
  const body = typeof o.body === 'string' ? Buffer.from(o.body) : o.body;
  const headers = body.length === 0 ? o.headers : { ...o.headers, 'content-length': body.length };
  return new Promise((resolve, reject) => {
    // A connection of its own: a kept one that the other side just closed would look like a lost answer.
    const request = start(o.url, { method: o.method, headers, signal, agent: false }, (response) => {
      response.once('error', reject).once('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    // Pub/Sub takes even "102 Processing" for an answer; Node does not count it as a response.
    request.on('information', ({ statusCode }) => {
      if (statusCode === 102) resolve(statusCode);
    });
    request.once('error', reject).end(body);
  });
}

/** Pub/Sub's push over real HTTP. */
export const postOverHttp: Post = (push) => sendOverHttp({ ...push, method: 'POST' });
