// Cloud Storage behind the object store's port, with plain calls for small objects: an accepted request is one of them.
import type { FileMetadata } from '@google-cloud/storage';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { BoundError, TransientError } from '../errors.ts';
import { Crc32c } from '../objects/crc32c.ts';
import {
  ABSENT,
  type Metadata,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  type RemoveAnswer,
  type WriteAnswer,
} from '../objects/store.ts';
import { readFirst, readPages, type ReadPage } from '../pages.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { CallRefused, callsTo, type GoogleAnswer, type Send } from './http-calls.ts';
import { lazily, once } from './lazily.ts';
import { ownTokens } from './own-tokens.ts';
import { infoOf, removeAnswerOf, writeAnswerOf, writtenOnce } from './storage-answers.ts';

// Google's client takes most of a cold start, and most instances never use it.
const client = lazily(() => import('./storage.ts'));

const LARGEST_PAGE = 1000;

/**
 * As `gcsStore`, for functions that are called a thousand times a second: Google's client takes 1.2 to 1.8 ms of
 * processor time for a small write. What is rare goes through Google's client.
 */
export function thinStore(bucket: string, config: GoogleConfig): ObjectStore {
  const { apiEndpoint } = endpointsOf(config).storage;
  // As Google's client does: no token for an address that is not Google's.
  const send = callsTo(
    apiEndpoint ?? 'https://storage.googleapis.com',
    apiEndpoint === undefined ? ownTokens(config).access : undefined,
  );
  const whole = once(async () => (await client()).gcsStore(bucket, config));
  return new ThinStore(bucket, send, whole);
}

class ThinStore implements ObjectStore {
  readonly bucket: string;
  readonly #send: Send;
  readonly #whole: () => Promise<ObjectStore>;

  constructor(bucket: string, send: Send, whole: () => Promise<ObjectStore>) {
    this.bucket = bucket;
    this.#send = send;
    this.#whole = whole;
  }

  async readText(name: string, maxBytes: number) {
    const answer = await this.#get(`${this.#object(name)}?alt=media`, `reading ${this.#url(name)}`);
    if (answer === undefined) return undefined;
    const { body, headers } = answer;
    if (body.length > maxBytes) throw new BoundError(`${this.#url(name)} is larger than ${maxBytes} bytes`);
    const expected = /crc32c=([\w+/=]+)/.exec(String(headers['x-goog-hash']))?.[1];
    if (expected !== undefined && expected !== checksumOf(body))
      throw new TransientError(`${this.#url(name)} arrived with another checksum`, {
        code: 'SERVICE_UNAVAILABLE',
      });
    return { text: body.toString('utf8'), generation: String(headers['x-goog-generation'] ?? '') };
  }

  async info(name: string) {
    const doing = `reading the metadata of ${this.#url(name)}`;
    const answer = await this.#get(this.#object(name), doing);
    return answer && infoOf(JSON.parse(answer.body.toString('utf8')) as FileMetadata);
  }

  async create(
    name: string,
    content: string | Buffer,
    contentType: string,
    metadata: Metadata = {},
    keptLongerMs = 0,
  ): Promise<WriteAnswer> {
    const bytes = Buffer.from(content);
    const resource = { ...writtenOnce(contentType, keptLongerMs), metadata, crc32c: checksumOf(bytes) };
    const boundary = randomUUID();
    const query = `uploadType=multipart&ifGenerationMatch=${ABSENT}&name=${encodeURIComponent(name)}`;
    try {
      const answer = await this.#send({
        method: 'POST',
        path: `/upload/storage/v1/b/${this.bucket}/o?${query}`,
        headers: { 'content-type': `multipart/related; boundary=${boundary}` },
        body: inParts(boundary, JSON.stringify(resource), contentType, bytes),
      });
      const { generation } = JSON.parse(successOf(answer).body.toString('utf8')) as FileMetadata;
      return { kind: 'landed', generation: String(generation) };
    } catch (error) {
      return writeAnswerOf(error, `writing ${this.#url(name)}`, () => this.info(name));
    }
  }

  async remove(name: string, generation: string): Promise<RemoveAnswer> {
    try {
      const path = `${this.#object(name)}?ifGenerationMatch=${generation}`;
      successOf(await this.#send({ method: 'DELETE', path }));
      return { kind: 'landed' };
    } catch (error) {
      return removeAnswerOf(error, `deleting ${this.#url(name)}`);
    }
  }

  list(prefix: string, limit: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]> {
    const what = `objects under ${this.#url(prefix)}`;
    return readPages({ limit, what }, this.#pages(prefix, startAt, endBefore));
  }

  first(prefix: string, most: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]> {
    const what = `objects under ${this.#url(prefix)}`;
    return readFirst(most, what, this.#pages(prefix, startAt, endBefore));
  }

  #pages(prefix: string, startAt?: string, endBefore?: string): ReadPage<ObjectInfo> {
    const range = {
      prefix,
      ...(startAt === undefined ? {} : { startOffset: startAt }),
      ...(endBefore === undefined ? {} : { endOffset: endBefore }),
    };
    return async (pageToken, most) => {
      const query = new URLSearchParams({
        ...range,
        maxResults: String(Math.min(most, LARGEST_PAGE)),
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      const path = `/storage/v1/b/${this.bucket}/o?${query.toString()}`;
      const answer = await this.#get(path, `listing ${this.#url(prefix)}`, false);
      const { items = [], nextPageToken } = JSON.parse(answer?.body.toString('utf8') ?? '{}') as {
        items?: readonly FileMetadata[];
        nextPageToken?: string;
      };
      return { items: items.map(infoOf), nextPageToken };
    };
  }

  async readStart(name: string, bytes: number) {
    return (await this.#whole()).readStart(name, bytes);
  }

  async replace(name: string, generation: string, content: string, contentType: string) {
    return (await this.#whole()).replace(name, generation, content, contentType);
  }

  async createFrom(...written: Parameters<ObjectStore['createFrom']>) {
    return (await this.#whole()).createFrom(...written);
  }

  async copyFrom(name: string, source: ObjectVersion, how: { readonly bearsTime: boolean }) {
    return (await this.#whole()).copyFrom(name, source, how);
  }

  async retire(name: string, atMs: number) {
    return (await this.#whole()).retire(name, atMs);
  }

  async projectNumber() {
    return (await this.#whole()).projectNumber();
  }

  read(...asked: Parameters<ObjectStore['read']>): Readable {
    const whole = this.#whole;
    const bytes = async function* () {
      yield* (await whole()).read(...asked) as AsyncIterable<Buffer>;
    };
    return Readable.from(bytes(), { objectMode: false });
  }

  /** Undefined where there is no such object: the usual answer for an outcome, and so none that is thrown. */
  async #get(path: string, doing: string, mayBeAbsent = true): Promise<GoogleAnswer | undefined> {
    try {
      const answer = await this.#send({ method: 'GET', path });
      return mayBeAbsent && answer.status === 404 ? undefined : successOf(answer);
    } catch (error) {
      throw failure(doing, error);
    }
  }

  #object(name: string): string {
    return `/storage/v1/b/${this.bucket}/o/${encodeURIComponent(name)}`;
  }

  #url(name: string): string {
    return `gs://${this.bucket}/${name}`;
  }
}

/** As Google's clients do: what is no success is thrown. */
function successOf(answer: GoogleAnswer): GoogleAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new CallRefused(answer);
}

function checksumOf(bytes: Buffer): string {
  const sum = new Crc32c();
  sum.add(bytes);
  return sum.base64;
}

/** The boundary is random, so that no content can contain it on purpose. */
const inParts = (boundary: string, resource: string, contentType: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${resource}\r\n` +
        `--${boundary}\r\ncontent-type: ${contentType}\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
