// The answer of an HTTP function: its result, or its error and whether another try can help.
import type { IncomingHttpHeaders } from 'node:http';
import { codeOf, messageOf, PermanentError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { failed } from '../tracing/spans.ts';

/** The parts of an HTTP request that a function reads. */
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

/** The handler to register with the functions framework: writes the answer of `handle` to the response. */
export const answering =
  (handle: (call: HttpCall) => Promise<HttpAnswer>) =>
  async (call: HttpCall, response: Response): Promise<void> => {
    const { status, body } = await handle(call);
    response.status(status).json(body);
  };

/** Never rejects: a failure is logged as an error, and answered. */
export const answerOf = (log: Log, work: () => Promise<object>): Promise<HttpAnswer> =>
  answerQuietly(async () => {
    try {
      return await work();
    } catch (error) {
      log.error({ err: error }, messageOf(error));
      throw error;
    }
  });

/** The same, for work that logs its failures itself. The caller tries again after a 5xx; after a 4xx another try cannot help. */
export async function answerQuietly(work: () => Promise<object>): Promise<HttpAnswer> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    failed(error);
    const status = error instanceof PermanentError ? 400 : 503;
    return { status, body: { error: messageOf(error), code: codeOf(error) } };
  }
}
