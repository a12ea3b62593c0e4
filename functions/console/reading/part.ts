// A part of a page that may be missing: a silent service, a refused right or a malformed record takes its part away, not the page.
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { codeOf, messageOf, TransientError } from '../../../shared/errors.ts';
import type { Log } from '../../../shared/logging.ts';
import { isAboutPerson, PageProblem } from '../problem.ts';

export interface PartProblem {
  /** As the runbook lists it. */
  readonly code: ErrorCode;
  readonly reason: string;
}

/** As JSON: `{ "problem": { "code": …, "reason": … } }` in place of the part. */
export class Missing {
  readonly problem: PartProblem;

  constructor(problem: PartProblem) {
    this.problem = problem;
  }
}

export type Part<Value> = Value | Missing;

export const isMissing = (part: unknown): part is Missing => part instanceof Missing;

/** What was read; where a page is about this part, the page answers 503 without it. */
export function wholeOf<Value>(part: Part<Value>): Value {
  if (!isMissing(part)) return part;
  throw new PageProblem('failed', part.problem.reason, [], part.problem.code);
}

export interface PartPorts {
  readonly now: () => number;
  /** Ends early, with an error, when `signal` is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** A page waits so long for all of its parts: a query of BigQuery takes 1 to 3 seconds. */
export const LONGEST_PARTS_MS = 10_000;

/** The parts of one page, with one end for all of them. */
export class Parts {
  readonly #ports: PartPorts;
  readonly #endsAtMs: number;

  constructor(ports: PartPorts) {
    this.#ports = ports;
    this.#endsAtMs = ports.now() + LONGEST_PARTS_MS;
  }

  /** `what`: for the log. A refusal of the page itself, such as 404, is thrown. */
  async read<Value>(what: string, read: () => Promise<Value>): Promise<Part<Value>> {
    try {
      this.requireTime();
      return await within(Math.max(0, this.#endsAtMs - this.#ports.now()), this.#ports, read());
    } catch (error) {
      if (error instanceof PageProblem || isAboutPerson(error)) throw error;
      const problem = { code: codeOf(error), reason: messageOf(error) };
      this.#ports.log.warn(
        { err: error, code: problem.code },
        `A page is shown without ${what}: ${problem.reason}`,
      );
      return new Missing(problem);
    }
  }

  /** For work that has waited for its turn: a page that ends without it does not need it any more. */
  requireTime(): void {
    if (this.#ports.now() >= this.#endsAtMs) throw noAnswer(LONGEST_PARTS_MS);
  }
}

const noAnswer = (ms: number): TransientError =>
  new TransientError(`no answer within ${Math.round(ms / 1000)} s`, { code: 'SERVICE_UNAVAILABLE' });

/** Rejects with `SERVICE_UNAVAILABLE` when the time is over; the work goes on, and its end is not waited for. */
export async function within<Value>(
  ms: number,
  { wait }: Pick<PartPorts, 'wait'>,
  work: Promise<Value>,
): Promise<Value> {
  const ended = new AbortController();
  const late = wait(ms, ended.signal).then(() => {
    throw noAnswer(ms);
  });
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}
