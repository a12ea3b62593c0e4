// A file of a web server that is read by ranges, in blocks, so that of a large image only the needed tiles are fetched.
import { TransientError } from '../../../../shared/errors.ts';
import type { ByteSource } from '../../formats/geotiff/directory.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { Answer } from '../http/http.ts';
import { refusalBy, sendRepeatedly, type Sending } from '../http/sender.ts';

const BLOCK = 65_536;
/** Of one file, in all. */
const MOST_BYTES = 2 ** 28;
const TIMEOUT_MS = 60_000;
const [WHOLE, PART] = [200, 206];

export class RangeSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #sending: Sending;
  readonly #url: URL;
  readonly #etag: string | undefined;
  readonly #blocks = new Map<number, Buffer>();
  #fetched = 0;

  private constructor(sending: Sending, name: string, url: URL, first: Part) {
    this.#sending = sending;
    this.name = name;
    this.#url = url;
    this.sizeBytes = first.total;
    this.#etag = first.etag;
    this.#keep(0, first.bytes);
  }

  /** `url` is one that may be called. */
  static async open(sending: Sending, name: string, url: URL): Promise<RangeSource> {
    return new RangeSource(sending, name, url, await partOf(sending, name, url, 0, BLOCK));
  }

  get fetchedBytes(): number {
    return this.#fetched;
  }

  async read(offset: number, length: number, place?: string): Promise<Buffer> {
    if (!(offset >= 0 && offset + length <= this.sizeBytes)) {
      const found = `the end of the file at byte ${this.sizeBytes}`;
      const expected = `${length} bytes from byte ${offset}: the file is cut off`;
      throw new UnusableFile({ file: this.name, place, found, expected });
    }
    const [first, last] = [
      Math.floor(offset / BLOCK),
      Math.floor(Math.max(offset, offset + length - 1) / BLOCK),
    ];
    await this.#need(first, last);
    const blocks = Array.from({ length: last - first + 1 }, (_, at) => this.#blocks.get(first + at)!);
    const from = offset - first * BLOCK;
    return Buffer.concat(blocks).subarray(from, from + length);
  }

  /** One request for the blocks from the first missing one to the last. */
  async #need(first: number, last: number): Promise<void> {
    while (first <= last && this.#blocks.has(first)) first++;
    while (last >= first && this.#blocks.has(last)) last--;
    if (first > last) return;
    const start = first * BLOCK;
    const length = Math.min((last + 1) * BLOCK, this.sizeBytes) - start;
    if (this.#fetched + length > MOST_BYTES) {
      const expected = `at most ${MOST_BYTES} bytes of it: a smaller extent`;
      throw new UnusableFile({
        file: this.name,
        found: `tiles of ${this.#fetched + length} bytes`,
        expected,
      });
    }
    const part = await partOf(this.#sending, this.name, this.#url, start, length);
    if (part.total !== this.sizeBytes || part.etag !== this.#etag)
      throw new TransientError(`${this.name} changed while it was read; the next attempt reads it again`);
    this.#keep(first, part.bytes);
  }

  #keep(first: number, bytes: Buffer): void {
    this.#fetched += bytes.length;
    for (let at = 0; at * BLOCK < bytes.length; at++)
      this.#blocks.set(first + at, bytes.subarray(at * BLOCK, (at + 1) * BLOCK));
  }
}

interface Part {
  readonly bytes: Buffer;
  /** Of the whole file. */
  readonly total: number;
  readonly etag: string | undefined;
}

async function partOf(
  sending: Sending,
  file: string,
  url: URL,
  start: number,
  length: number,
): Promise<Part> {
  const answer = await sendRepeatedly(
    sending,
    {
      file,
      url,
      method: 'GET',
      headers: { range: `bytes=${start}-${start + length - 1}`, 'accept-encoding': 'identity' },
      mostBytes: length,
      timeoutMs: TIMEOUT_MS,
    },
    (each) => wrongLength(each, start, length),
  );
  if (answer.status === PART)
    return { bytes: answer.body, total: rangeOf(answer)?.total ?? NaN, etag: answer.header('etag') };
  const expected = 'a part of it (206): the server must answer ranges';
  if (answer.status === WHOLE)
    throw new UnusableFile({ file, place: url.host, found: 'an answer without ranges', expected });
  throw refusalBy(url.host, file, answer, expected);
}

/** A part that is shorter than its own header says was cut off on its way. */
function wrongLength(answer: Answer, start: number, length: number): string | undefined {
  if (answer.status !== PART) return undefined;
  const range = rangeOf(answer);
  const shown = answer.header('content-range') ?? 'no range';
  if (range?.start !== start) return `asked for bytes from ${start}, answered "${shown}"`;
  const expected = Math.min(length, range.total - start);
  return answer.sizeBytes === expected && range.end === start + expected - 1
    ? undefined
    : `asked for ${expected} bytes from ${start}, answered ${answer.sizeBytes} ("${shown}")`;
}

function rangeOf(
  answer: Answer,
): { readonly start: number; readonly end: number; readonly total: number } | undefined {
  const [, start, end, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(answer.header('content-range') ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), end: Number(end), total: Number(total) };
}
