// A download that its reader may destroy at any time, which the client's own stream does not bear.
import { PassThrough, type Readable } from 'node:stream';

/**
 * When the answer arrives, the client pipes it into the stream that it has given out. If that is destroyed by then, the
 * client throws, and nothing can catch it: a function's process would end. So the client's stream is destroyed once the
 * answer is there. The request is sent when the first bytes are asked for.
 */
export class Download extends PassThrough {
  readonly #source: Readable;
  #isBegun = false;
  #isAnswered = false;

  constructor(source: Readable) {
    super();
    this.#source = source;
  }

  override _read(size: number): void {
    if (!this.#isBegun) this.#begin();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#isAnswered) this.#source.destroy();
    super._destroy(error, done);
  }

  #begin(): void {
    this.#isBegun = true;
    this.#source
      .on('error', (error) => this.destroy(error))
      .once('close', () => {
        if (!this.#source.readableEnded) this.destroy(new Error('the download ended before its end'));
      })
      // The client pipes after it has told of the answer.
      .once('response', () =>
        setImmediate(() => {
          this.#isAnswered = true;
          if (this.destroyed) this.#source.destroy();
        }),
      )
      .pipe(this);
  }
}
