// Plain HTTP calls to a Google API, for the few calls whose processor time counts: a tenth of what Google's client takes.
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

export interface GoogleCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface GoogleAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer that says no, in the form of the errors of Google's clients, so that `failure` reads both. */
export class CallRefused extends Error {
  readonly code: number;
  readonly response: { readonly data: unknown };

  constructor({ status, body }: GoogleAnswer) {
    const data = parsed(body);
    const { message } = (data as { error?: { message?: unknown } } | undefined)?.error ?? {};
    super(typeof message === 'string' ? message : `the service answered ${status}`);
    this.code = status;
    this.response = { data };
  }
}

/** The answer began and broke off: what was asked has probably been done, and another try would not tell. */
export class AnswerBroken extends Error {}

// Of one try; what takes longer is sent through Google's client.
const LONGEST_CALL_MS = 15_000;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const MOST_CONNECTIONS = 128;
const RETRIES = 4;
const FIRST_PAUSE_MS = 200;

export type Send = (call: GoogleCall) => Promise<GoogleAnswer>;

export interface Manner {
  /** Without a byte of the answer, in one try. */
  readonly longestMs: number;
  readonly retries: number;
  /** A kept connection may have been closed by the service meanwhile: only for calls that can be sent again. */
  readonly keepsConnections: boolean;
}

const MANY_CALLS: Manner = { longestMs: LONGEST_CALL_MS, retries: RETRIES, keepsConnections: true };

/**
 * Sends calls to `origin`. Calls that can be repeated are: after a lost connection, 408,
 * 429 and 5xx. Each carries the token that `tokenOf` gives; undefined: none.
 */
export function callsTo(
  origin: string,
  tokenOf: (() => Promise<string>) | undefined,
  { longestMs, retries, keepsConnections }: Manner = MANY_CALLS,
): Send {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === 'https:';
  const agent = new (isTls ? HttpsAgent : HttpAgent)({
    keepAlive: keepsConnections,
    maxSockets: MOST_CONNECTIONS,
  });
  const request = isTls ? httpsRequest : httpRequest;

  const sendOnce = async ({ method, path, headers, body }: GoogleCall): Promise<GoogleAnswer> => {
    const token = tokenOf === undefined ? {} : { authorization: `Bearer ${await tokenOf()}` };
    const length = body === undefined ? {} : { 'content-length': body.length };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, hostname, port, method, path, headers: { ...headers, ...token, ...length } },
        (incoming) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          incoming.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > LARGEST_ANSWER_BYTES)
              incoming.destroy(new Error(`the answer is over ${LARGEST_ANSWER_BYTES} bytes`));
            else chunks.push(chunk);
          });
          incoming.once('error', (cause) => reject(new AnswerBroken(cause.message, { cause })));
          incoming.once('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      const late = () => outgoing.destroy(new Error(`no answer within ${longestMs / 1000} s`));
      outgoing.setTimeout(longestMs, late);
      outgoing.once('error', reject).end(body);
    });
  };
  return (call) => repeated(() => sendOnce(call), retries);
}

async function repeated(send: () => Promise<GoogleAnswer>, retries: number): Promise<GoogleAnswer> {
  for (let retry = 0; ; retry += 1) {
    try {
      const answer = await send();
      if (retry === retries || !passes(answer.status)) return answer;
    } catch (error) {
      if (retry === retries || error instanceof AnswerBroken) throw error;
    }
    await wait(FIRST_PAUSE_MS * 2 ** retry * (0.5 + Math.random()));
  }
}

const passes = (status: number): boolean => status === 408 || status === 429 || status >= 500;

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
