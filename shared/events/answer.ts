// What an HTTP function answers: what its work gave, or what went wrong and whether another try can help.
import { messageOf, PermanentError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { failed } from '../tracing/spans.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

/** Never rejects. Scheduler tries again on 5xx; what another try cannot help is a 4xx, and an error in the log either way. */
export async function answerOf(log: Log, work: () => Promise<object>): Promise<HttpAnswer> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    failed(error);
    log.error({ err: error }, messageOf(error));
    return { status: error instanceof PermanentError ? 400 : 503, body: { error: messageOf(error) } };
  }
}
