// A multipart/related upload, read as it comes: metadata first, then the bytes, never held whole.
import { invalid } from '../http/errors.ts';

export interface MultipartUpload {
  /** The JSON text of the first part. */
  readonly metadata: string;
  /** The content type that the second part names. */
  readonly contentType: string | undefined;
  /** To be read to its end; throws 400 if the body stops before the closing boundary. */
  readonly data: AsyncIterable<Uint8Array>;
}

const LARGEST_HEAD_BYTES = 1024 * 1024;
const MOST_HEADERS = 100;
const LARGEST_EPILOGUE_BYTES = 64 * 1024;

/**
 * Reads the head of the body. Clients differ: Node's writes CRLF, gcloud bare LF and a boundary in single
 * quotes. The first line's ending decides for the whole body, so bytes that look like the other stay data.
 */
export async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<MultipartUpload> {
  const opening = `--${readBoundary(contentType)}`;
  const source = new Source(body[Symbol.asyncIterator]());
  const firstLine = await source.until('\n');
  const newline = firstLine.endsWith('\r') ? '\r\n' : '\n';
  if (firstLine.trimEnd() !== opening) throw invalid('The multipart body does not start with its boundary.');
  await source.headers(newline);
  const metadata = await source.until(`${newline}${opening}`);
  if ((await source.until(newline)).trim() !== '') throw invalid('The multipart body has no second part.');
  const headers = await source.headers(newline);
  return { metadata, contentType: headers.get('content-type'), data: source.data(`${newline}${opening}`) };
}

function readBoundary(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? match?.[3];
  if (boundary === undefined) throw invalid(`No boundary in the content type '${contentType}'.`);
  return boundary;
}

class Source {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** The text before `mark`, which is consumed too. */
  async until(mark: string): Promise<string> {
    for (;;) {
      const at = this.#buffer.indexOf(mark);
      if (at !== -1) {
        const text = this.#buffer.subarray(0, at).toString();
        this.#buffer = this.#buffer.subarray(at + Buffer.byteLength(mark));
        return text;
      }
      if (this.#buffer.length > LARGEST_HEAD_BYTES) {
        throw invalid(`The head of the multipart body is longer than ${LARGEST_HEAD_BYTES} bytes.`);
      }
      if (!(await this.#more())) throw invalid('The multipart body breaks off.');
    }
  }

  async headers(newline: string): Promise<Map<string, string>> {
    const headers = new Map<string, string>();
    for (let lines = 0; lines <= MOST_HEADERS; lines++) {
      const line = await this.until(newline);
      if (line === '') return headers;
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    throw invalid(`A part of the multipart body has more than ${MOST_HEADERS} headers.`);
  }

  async *data(closing: string): AsyncGenerator<Uint8Array> {
    const mark = Buffer.from(closing);
    for (;;) {
      const at = this.#buffer.indexOf(mark);
      if (at !== -1) {
        if (at > 0) yield this.#buffer.subarray(0, at);
        this.#buffer = this.#buffer.subarray(at + mark.length);
        return await this.#close();
      }
      // The mark may straddle two chunks: its length less one is held back.
      const ready = this.#buffer.length - (mark.length - 1);
      if (ready > 0) {
        yield this.#buffer.subarray(0, ready);
        this.#buffer = this.#buffer.subarray(ready);
      }
      if (!(await this.#more())) throw invalid('The multipart body breaks off before its closing boundary.');
    }
  }

  async #close(): Promise<void> {
    while (await this.#more()) {
      if (this.#buffer.length > LARGEST_EPILOGUE_BYTES) break;
    }
    if (!this.#buffer.subarray(0, 2).equals(Buffer.from('--'))) {
      throw invalid('The multipart body has more than two parts.');
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done === true) return false;
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(value) : Buffer.concat([this.#buffer, value]);
    return true;
  }
}
