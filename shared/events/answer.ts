// What an HTTP function answers: what its work gave, or what went wrong and whether another try can help.
import { messageOf, PermanentError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { failed } from '../tracing/spans.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

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
