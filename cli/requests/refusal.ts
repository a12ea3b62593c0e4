// A refusal of the requests API as an error of the command: what is wrong, and each place of it on a line.
import type { ErrorCode } from '../../shared/error-codes.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { problem } from '../../shared/api/schemas.ts';

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'CALLER_UNKNOWN',
  403: 'PERMISSION_DENIED',
  404: 'RUN_NOT_FOUND',
  409: 'TOO_LATE',
};

/** What passes by itself is transient: too many requests, and a service that is not available. */
export async function refusalOf(answer: Response): Promise<PermanentError | TransientError> {
  const { status } = answer;
  const text = await sentenceIn(answer);
  const passes = status === 429 || status >= 500;
  if (!passes) return new PermanentError(text, { code: CODES[status] ?? 'CALL_INVALID' });
  const seconds = answer.headers.get('retry-after');
  const again = seconds === null ? '' : `; try again in ${seconds} seconds`;
  return new TransientError(`${text}${again}`, { code: 'SERVICE_UNAVAILABLE' });
}

async function sentenceIn(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => undefined);
  const read = problem.safeParse(body);
  if (!read.success) return `${answer.url} answered ${answer.status} without a reason`;
  const { detail, errors = [], error_count: count = errors.length } = read.data;
  // One place is in the sentence already.
  const places = (errors.length === 1 ? [] : errors).map(
    ({ pointer, in: where, detail: what }) => `  ${pointer ?? where ?? ''}: ${what}`,
  );
  const more = count > errors.length ? [`  and ${count - errors.length} more`] : [];
  return [detail, ...places, ...more].join('\n');
}
