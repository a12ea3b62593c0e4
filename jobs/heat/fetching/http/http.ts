// The port to HTTP: one request, and one of three answers (law 3): it was answered, it was not sent, or nothing is known.

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body of the answer is cut off beyond it. */
  readonly mostBytes: number;
  /** From the request to the last byte of the answer. */
  readonly timeoutMs: number;
  /** A path of the disk for the body of an answer of status 200, which is then empty in the answer. */
  readonly into?: string;
}

export interface Answer {
  readonly status: number;
  /** By a name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  readonly sizeBytes: number;
}

export type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The service did not receive it. */
  | { readonly kind: 'not-sent'; readonly cause: Error }
  /** The answer was lost, or came too late: the service may have done the work. */
  | { readonly kind: 'unknown'; readonly cause: Error }
  /** There is more than `mostBytes`. */
  | { readonly kind: 'too-large' };

/** Sends once, and follows no redirect. */
export type Http = (call: Call) => Promise<Outcome>;
