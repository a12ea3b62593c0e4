// What a process prints, passed on to the log of the mesh that it works for.
import { PassThrough, type Readable } from 'node:stream';
import type { LineLog } from '../../local/run/lines.ts';

export class PassedOn implements LineLog {
  #log: LineLog;
  readonly #streams = new Map<Readable, PassThrough>();

  constructor(log: LineLog) {
    this.#log = log;
  }

  /** From here on to this one. What was printed before has gone to the log before. */
  passTo(log: LineLog): void {
    if (log === this.#log) return;
    this.#log = log;
    for (const [stream, passed] of this.#streams) {
      stream.unpipe(passed);
      passed.end();
      void this.follow(stream);
    }
  }

  follow(stream: Readable): Promise<void> {
    const passed = new PassThrough();
    this.#streams.set(stream, passed);
    stream.pipe(passed);
    return this.#log.follow(passed);
  }

  write(text: string): void {
    this.#log.write(text);
  }

  close(): void {
    this.#log.close();
  }
}
