// What an HTTP function answers: what its work gave, or what went wrong and whether another try can help.
import type { IncomingHttpHeaders } from 'node:http';
import { messageOf, PermanentError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { failed } from '../tracing/spans.ts';

/** As much of an HTTP request as a function reads. */
export interface HttpCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

interface Response {
  status(code: number): { json(body: object): unknown };
}

/** What the functions framework registers: writes the answer of `handle` to the response. */
export const answering =
  (handle: (call: HttpCall) => Promise<HttpAnswer>) =>
  async (call: HttpCall, response: Response): Promise<void> => {
    const { status, body } = await handle(call);
    response.status(status).json(body);
  };

/** Never rejects: a failure becomes an error in the log, and an answer. */
export const answerOf = (log: Log, work: () => Promise<object>): Promise<HttpAnswer> =>
  answerQuietly(async () => {
    try {
      return await work();
    } catch (error) {
      log.error({ err: error }, messageOf(error));
      throw error;
    }
  });

/** The same, for work that tells its failures itself. Whoever calls tries again on 5xx; a 4xx is what another try cannot help. */
export async function answerQuietly(work: () => Promise<object>): Promise<HttpAnswer> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    failed(error);
    return { status: error instanceof PermanentError ? 400 : 503, body: { error: messageOf(error) } };
  }
}
