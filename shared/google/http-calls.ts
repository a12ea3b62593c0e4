// Plain HTTP calls to a Google API, for the few calls whose processor time counts: a tenth of what Google's client takes.
import { GoogleAuth } from 'google-auth-library';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { once } from './lazily.ts';

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

/**
 * Sends calls to `origin`, over connections that are kept. Calls that can be repeated are: after a lost connection, 408,
 * 429 and 5xx. With `isSigned` each carries the access token of this process.
 */
export function callsTo(origin: string, isSigned: boolean): Send {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === 'https:';
  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
  const auth = once(() => new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }));
  const request = isTls ? httpsRequest : httpRequest;

  const sendOnce = async ({ method, path, headers, body }: GoogleCall): Promise<GoogleAnswer> => {
    const token = isSigned ? { authorization: `Bearer ${await auth().getAccessToken()}` } : {};
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
      outgoing.setTimeout(LONGEST_CALL_MS, () => outgoing.destroy(new Error('no answer within 15 s')));
      outgoing.once('error', reject).end(body);
    });
  };
  return (call) => repeated(() => sendOnce(call));
}

async function repeated(send: () => Promise<GoogleAnswer>): Promise<GoogleAnswer> {
  for (let retry = 0; ; retry += 1) {
    try {
      const answer = await send();
      if (retry === RETRIES || !passes(answer.status)) return answer;
    } catch (error) {
      if (retry === RETRIES || error instanceof AnswerBroken) throw error;
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
