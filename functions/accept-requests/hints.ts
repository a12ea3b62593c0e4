// Hints to start-run that a pipeline has requests: one message stands for all that were accepted until it is sent.
import { messageOf } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';

interface Pending {
  readonly sending: Promise<void>;
  /** The hint that follows the one that is being sent. */
  next: Promise<void> | undefined;
}

/** A lost hint delays a request until the next one, or until the sweep. */
export class Hints {
  readonly #topic: Publisher<RunRequested>;
  readonly #log: Log;
  readonly #pending = new Map<string, Pending>();

  constructor(topic: Publisher<RunRequested>, log: Log) {
    this.#topic = topic;
    this.#log = log;
  }

  /**
   * Resolves when a hint was sent after this call began, or could not be; it never rejects. One hint of a pipeline is
   * on its way at a time, so a thousand requests a second are some tens of messages.
   */
  send(hint: RunRequested): Promise<void> {
    const pending = this.#pending.get(hint.pipeline);
    if (pending === undefined) return this.#publish(hint);
    pending.next ??= pending.sending.then(() => this.#publish(hint));
    return pending.next;
  }

  #publish(hint: RunRequested): Promise<void> {
    const sending = this.#topic
      .publish(hint)
      .catch((error: unknown) =>
        this.#log.warn(
          { err: error, pipeline: hint.pipeline },
          `No hint was sent for ${hint.pipeline}: ${messageOf(error)}. The next one or the sweep starts the run.`,
        ),
      )
      .then(() => {
        if (this.#pending.get(hint.pipeline)?.next === undefined) this.#pending.delete(hint.pipeline);
      });
    this.#pending.set(hint.pipeline, { sending, next: undefined });
    return sending;
  }
}
