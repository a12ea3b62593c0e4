// HTTP by Node's own client.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Answer, Call, Http, Outcome } from './http.ts';

/** The connection was never made. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const OK = 200;

export const fetchHttp: Http = async (call) => {
  const { method, url, headers = {}, body, timeoutMs } = call;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    });
    return await received(response, call);
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { kind: NOT_SENT.has(codeOf(error)) ? 'not-sent' : 'unknown', cause: error };
  }
};

class TooLarge extends Error {}

async function received(response: Response, { mostBytes, into }: Call): Promise<Outcome> {
  let sizeBytes = 0;
  const chunks: Uint8Array[] = [];
  async function* bounded(): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) throw new TooLarge();
      yield chunk;
    }
  }
  try {
    if (into !== undefined && response.status === OK) await pipeline(bounded(), createWriteStream(into));
    else for await (const chunk of bounded()) chunks.push(chunk);
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too-large' };
    throw error;
  }
  const { status, headers } = response;
  const answer: Answer = {
    status,
    header: (name) => headers.get(name) ?? undefined,
    body: Buffer.concat(chunks),
    sizeBytes,
  };
  return { kind: 'answered', answer };
}

/** The client wraps the error of the connection, at times twice. */
function codeOf(error: Error): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return '';
}
