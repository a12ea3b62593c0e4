// A request to a function that answers HTTP itself, and its answer, without the framework.
import type { IncomingHttpHeaders } from 'node:http';

export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  /** How it is compressed; undefined: it is not. */
  readonly encoding: string | undefined;
  readonly tooLong: boolean;
}

export interface Call extends Body {
  readonly method: string;
  readonly path: string;
}

/** A request with all that its first lines hold. */
export interface WholeCall extends Call {
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Each header with all its values: Node joins a header that is there twice. */
  readonly distinct: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** An answer that is no text, or text that is compressed. */
export interface BytesAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** An answer that is sent piece by piece, while it is made. The pieces end early when the caller goes away. */
export interface StreamedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<string>;
}

const answerOf = (status: number, type: string, body: object, headers: Answer['headers']): Answer => {
  const text = JSON.stringify(body);
  // What is answered is of one moment and for one caller.
  const length = String(Buffer.byteLength(text));
  return {
    status,
    headers: { 'content-type': type, 'content-length': length, 'cache-control': 'no-store', ...headers },
    text,
  };
};

export const answered = (body: object, status = 200, headers: Answer['headers'] = {}): Answer =>
  answerOf(status, 'application/json; charset=utf-8', body, headers);

/** Problem details (RFC 9457). */
export const problemAnswer = (
  problem: Readonly<Record<string, unknown>> & { readonly status: number; readonly type: string },
  headers: Answer['headers'] = {},
): Answer => answerOf(problem.status, 'application/problem+json', problem, headers);
