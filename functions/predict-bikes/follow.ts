// Follows the pointer of a model: loads what it names, then serves it; the last good model stays until then.
import type { LoadedModel } from '../../models/bikes/model.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { codeOf, messageOf, PermanentError, TransientError } from '../../shared/errors.ts';
import type { Log } from '../../shared/logging.ts';
import type { Pointer } from '../../shared/publications/pointer.ts';

export interface Version {
  readonly publication: string;
  readonly run: string;
  /** Of the ledger's entry that made it current, or pinned it. */
  readonly ordinal: number;
  readonly pinned: boolean;
}

/** What one request is answered by. Never changed: a swap makes another. */
export interface Serving extends Version {
  readonly model: LoadedModel;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** What could not be loaded; undefined: the pointer could not be read. */
  readonly publication: string | undefined;
  readonly sinceMs: number;
  readonly tries: number;
  /** A request after this time tries again. */
  readonly nextTryAtMs: number;
}

export interface FollowPorts {
  readonly find: () => Promise<Pointer | undefined>;
  /** With `early`, it receives the model as soon as its best kind is loaded. */
  readonly load: (
    pointer: Pointer,
    how: { readonly signal: AbortSignal; readonly early: ((model: LoadedModel) => void) | undefined },
  ) => Promise<LoadedModel>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** The pointer is read at most this often, unless an operator asks. */
const BETWEEN_CHECKS_MS = 10_000;
const LONGEST_CHECK_MS = 60_000;
/** An instance is frozen between requests, while time passes: the limit counts the pauses that it was awake for. */
const PAUSE_MS = 5_000;
const LONGEST_BACKOFF_MS = 300_000;

/**
 * There is no processor time between requests, so a request begins a check, and does not wait for it:
 *
 *     read the pointer ─┬─ the files that are served ▸ nothing to do
 *                       ├─ files that failed a while ago ▸ nothing, until their next try
 *                       └─ others ▸ load, verify, test, warm up ▸ swap
 *
 * While nothing is served, the best kind of a model is served before the others are loaded. A swap is of all of them.
 * One check at a time. What fails changes nothing but the failure that is shown.
 */
export class Follower {
  readonly #ports: FollowPorts;
  #serving: Serving | undefined;
  #servedFiles = '';
  #failure: Failure | undefined;
  #failedFiles: string | undefined;
  #checkedAtMs = -Infinity;
  #check: Promise<void> | undefined;
  readonly #first = Promise.withResolvers<void>();

  constructor(ports: FollowPorts) {
    this.#ports = ports;
  }

  get serving(): Serving | undefined {
    return this.#serving;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Undefined before the first check. */
  get checkedAtMs(): number | undefined {
    return this.#checkedAtMs === -Infinity ? undefined : this.#checkedAtMs;
  }

  /** Begins a check if one is due. */
  observe(): void {
    const nowMs = this.#ports.now();
    const isDue = nowMs - this.#checkedAtMs >= BETWEEN_CHECKS_MS;
    // A pointer that cannot be read is tried less often; one that can may name another model.
    const backsOff = this.#failedFiles === undefined && nowMs < (this.#failure?.nextTryAtMs ?? 0);
    if (this.#check === undefined && isDue && !backsOff) void this.#begin(false);
  }

  /** Checks now. A check in progress may have read the pointer before it moved, so another follows it. Never rejects. */
  async refresh(): Promise<void> {
    await this.#check;
    await (this.#check ?? this.#begin(true));
  }

  /** Waits until a model is served, but no longer than the check in progress, nor than that. */
  async served(longestMs: number): Promise<void> {
    await Promise.race([this.#first.promise, this.settled(longestMs)]);
  }

  /** Waits for the check in progress, if there is one, but not longer than that. */
  async settled(longestMs: number): Promise<void> {
    if (this.#check !== undefined) await Promise.race([this.#check, this.#ports.wait(longestMs)]);
  }

  #begin(forced: boolean): Promise<void> {
    this.#checkedAtMs = this.#ports.now();
    this.#check = this.#bounded(forced).finally(() => (this.#check = undefined));
    return this.#check;
  }

  async #bounded(forced: boolean): Promise<void> {
    const stop = new AbortController();
    const ended = await Promise.race([this.#poll(forced, stop.signal), this.#late(stop.signal)]);
    // What is still in progress has no effect from here on.
    stop.abort();
    if (ended !== 'late') return;
    const seconds = LONGEST_CHECK_MS / 1000;
    const error = new TransientError(`the check did not end within ${seconds} s`, {
      code: 'SERVICE_UNAVAILABLE',
    });
    this.#fail(error, undefined);
  }

  async #late(signal: AbortSignal): Promise<'late' | undefined> {
    for (let waitedMs = 0; waitedMs < LONGEST_CHECK_MS; waitedMs += PAUSE_MS) {
      await this.#ports.wait(PAUSE_MS);
      if (signal.aborted) return undefined;
    }
    return 'late';
  }

  async #poll(forced: boolean, signal: AbortSignal): Promise<void> {
    let pointer: Pointer | undefined;
    try {
      pointer = await this.#ports.find();
      if (signal.aborted) return;
      if (pointer === undefined) this.#clear();
      else await this.#follow(pointer, forced, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error, pointer);
    }
  }

  async #follow(pointer: Pointer, forced: boolean, signal: AbortSignal): Promise<void> {
    const files = filesOf(pointer);
    if (this.#serving !== undefined && files === this.#servedFiles) {
      // A pin moves the pointer, and not the model.
      this.#serving = { model: this.#serving.model, ...versionOf(pointer) };
      this.#clear();
      return;
    }
    const isTooEarly = files === this.#failedFiles && this.#ports.now() < (this.#failure?.nextTryAtMs ?? 0);
    if (isTooEarly && !forced) return;
    const serve = (model: LoadedModel) => {
      if (!signal.aborted) this.#serve(model, pointer);
    };
    const early = this.#serving === undefined ? serve : undefined;
    const model = await this.#ports.load(pointer, { signal, early });
    if (signal.aborted) return;
    this.#serve(model, pointer);
    this.#servedFiles = files;
    this.#clear();
    const { publication, run } = pointer;
    this.#ports.log.info({ publication, run }, `The service answers with ${publication} from now on.`);
  }

  #serve(model: LoadedModel, pointer: Pointer): void {
    this.#serving = { model, ...versionOf(pointer) };
    this.#first.resolve();
  }

  #isPassing(error: unknown, tries: number): boolean {
    return this.#serving !== undefined && tries < TRIES_UNTIL_ERROR && !(error instanceof PermanentError);
  }

  #clear(): void {
    this.#failure = undefined;
    this.#failedFiles = undefined;
  }

  #fail(error: unknown, pointer: Pointer | undefined): void {
    const nowMs = this.#ports.now();
    const files = pointer === undefined ? undefined : filesOf(pointer);
    const earlier = files === this.#failedFiles ? this.#failure : undefined;
    const tries = (earlier?.tries ?? 0) + 1;
    const backoffMs = Math.min(BETWEEN_CHECKS_MS * 2 ** (tries - 1), LONGEST_BACKOFF_MS);
    this.#failedFiles = files;
    this.#failure = {
      code: codeOf(error),
      message: messageOf(error),
      publication: pointer?.publication,
      sinceMs: earlier?.sinceMs ?? nowMs,
      tries,
      nextTryAtMs: nowMs + backoffMs,
    };
    const what =
      pointer === undefined
        ? 'The pointer of the model could not be followed'
        : `${pointer.publication} could not be loaded`;
    const kept =
      this.#serving === undefined
        ? 'the service has no model'
        : `the service answers with ${this.#serving.publication}${loadedPart(this.#serving.model)}`;
    const next = `A request after ${backoffMs / 1000} s tries again.`;
    const line = `${what}: ${messageOf(error)}; ${kept}. ${next}`;
    const level = this.#isPassing(error, tries) ? 'warn' : 'error';
    this.#ports.log[level]({ err: error, publication: pointer?.publication }, line);
  }
}

/** While a model is served, a service that fails once or twice is no reason to call an operator. */
const TRIES_UNTIL_ERROR = 3;

const loadedPart = ({ kinds, descriptor }: LoadedModel): string =>
  kinds.length === descriptor.candidates.length ? '' : `, of which ${kinds.join(', ')} alone is loaded`;

const versionOf = ({ publication, run, ordinal, pinned }: Pointer): Version => ({
  publication,
  run,
  ordinal,
  pinned,
});

const filesOf = ({ files }: Pointer): string =>
  JSON.stringify(files.map(({ object, generation }) => [object, generation]));
