// How a running mesh is ended: by Ctrl-C, by another process, or when the reader of its output closes the pipe.
import { constants } from 'node:os';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

export interface Stop {
  readonly signal: AbortSignal;
  /** Why the mesh is ending, as a sentence. Undefined before. */
  readonly reason: string | undefined;
  /** The mesh is ending because it cannot continue. */
  readonly isFailure: boolean;
  /** 128 and the number of the signal that ended work which was under way; undefined otherwise. */
  readonly exitCode: number | undefined;
  /** Asks for the end. */
  now(signal: Signal): void;
  /** Asks for the end for a reason that no signal has. */
  because(sentence: string): void;
  /** The mesh was idle when the signal came: this end is no failure. */
  whileIdle(): void;
}

/** From now on the first signal asks for an orderly end, which `say` announces, and the second ends the process at once. */
export function stopOnSignals(say: (sentence: string) => void): Stop {
  const abort = new AbortController();
  let reason: string | undefined;
  let code: number | undefined;
  let isFailure = false;
  const now = (name: Signal): void => {
    const number = 128 + constants.signals[name];
    if (abort.signal.aborted) {
      if (name !== 'SIGPIPE') process.exit(number);
      return;
    }
    reason = `ended by ${name} before the mesh was idle; npm start continues from there.`;
    code = number;
    abort.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      say(`${name}: ending the mesh; the same signal again ends it at once.`);
      now(name);
    });
  }
  return {
    signal: abort.signal,
    get reason() {
      return reason;
    },
    get isFailure() {
      return isFailure;
    },
    get exitCode() {
      return code;
    },
    now,
    because(sentence) {
      if (abort.signal.aborted) return;
      [reason, isFailure] = [sentence, true];
      abort.abort();
    },
    whileIdle: () => (code = undefined),
  };
}
