// Resumable uploads: sessions whose every acknowledged byte survives the process.
import { createReadStream, truncateSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { ApiError, invalid, notFound } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import type { Attributes } from './attributes.ts';
import type { Blobs } from './blobs.ts';
import { Digest, verify, type ExpectedChecksums } from './checksums.ts';
import type { ContentRange } from './ranges.ts';
import type { MayOverwrite, Objects } from './objects.ts';
import { checkObjectName } from './names.ts';
import type { Preconditions } from './preconditions.ts';
import type { ObjectResource } from './resources.ts';

/** What the session was opened for; its conditions are decided when the last byte is in, not before. */
export interface UploadIntent {
  readonly name: string;
  readonly attributes: Attributes;
  readonly expected: ExpectedChecksums & { readonly sizeBytes?: number };
  readonly conditions: Preconditions;
}

export type UploadProgress =
  | { readonly kind: 'finished'; readonly resource: ObjectResource }
  | { readonly kind: 'unfinished'; readonly receivedBytes: number };

interface Session {
  readonly id: string;
  readonly bucket: string;
  readonly intent: UploadIntent;
  readonly received: number;
  readonly finished: ObjectResource | undefined;
}

const LIFETIME_MS = 7 * 24 * 3600_000;
const SMALLEST_CHUNK_BYTES = 256 * 1024;

export class Uploads {
  readonly #state: State;
  readonly #blobs: Blobs;
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #newId: NewId;
  // The running checksums of sessions that this process has been fed; after a restart they are read again.
  readonly #digests = new Map<string, Digest>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: { state: State; blobs: Blobs; objects: Objects; clock: Clock; newId: NewId }) {
    this.#state = options.state;
    this.#blobs = options.blobs;
    this.#objects = options.objects;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#state.sql
      .prepare('DELETE FROM storage_uploads WHERE created_ms < ?')
      .run(this.#clock.now() - LIFETIME_MS);
  }

  /** Opens a session and gives its id. */
  open(bucket: string, intent: UploadIntent): string {
    checkObjectName(intent.name);
    const id = this.#newId();
    this.#state.sql
      .prepare('INSERT INTO storage_uploads VALUES (?, ?, ?, 0, ?, NULL)')
      .run(id, bucket, JSON.stringify(intent), this.#clock.now());
    return id;
  }

  /**
   * Takes one request's bytes (or, for a probe, none). Two requests on one session, such as a retry that
   * overtakes its broken first try, take turns. Throws 404 without the session, 412 when the conditions do
   * not hold at the end, 400 when checksum or size are not what was announced.
   */
  async receive(
    id: string,
    range: ContentRange,
    body: AsyncIterable<Uint8Array>,
    call: { readonly expected: ExpectedChecksums; readonly mayOverwrite: MayOverwrite },
  ): Promise<UploadProgress> {
    const turn = (this.#turns.get(id) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#receive(id, range, body, call));
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  /** Gives the session up, with what it received. Throws 404 without the session. */
  cancel(id: string): void {
    const session = this.#require(id);
    this.#state.sql.prepare('DELETE FROM storage_uploads WHERE id = ?').run(id);
    this.#digests.delete(id);
    this.#objects.discardIfUnused(session.id);
  }

  /** Which object the session writes, for asking permission. Throws 404 without the session. */
  targetOf(id: string): { readonly bucket: string; readonly name: string } {
    const { bucket, intent } = this.#require(id);
    return { bucket, name: intent.name };
  }

  async #receive(
    id: string,
    range: ContentRange,
    body: AsyncIterable<Uint8Array>,
    call: { readonly expected: ExpectedChecksums; readonly mayOverwrite: MayOverwrite },
  ): Promise<UploadProgress> {
    let session = this.#require(id);
    if (session.finished !== undefined) return { kind: 'finished', resource: session.finished };
    if (range.kind === 'bytes') {
      await this.#append(session, range, body);
      session = this.#require(id);
    }
    const total =
      range.total ?? (range.kind === 'bytes' && range.last === undefined ? session.received : undefined);
    if (total === undefined || session.received < total) {
      return { kind: 'unfinished', receivedBytes: session.received };
    }
    if (session.received > total) {
      throw invalid(`The upload holds ${session.received} bytes, more than its total of ${total}.`);
    }
    return { kind: 'finished', resource: await this.#finish(session, call) };
  }

  async #append(
    session: Session,
    range: ContentRange & { kind: 'bytes' },
    body: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    if (range.first > session.received) {
      throw new ApiError(
        503,
        'backendError',
        `The upload continues at byte ${range.first}, but only ${session.received} bytes have arrived.`,
      );
    }
    const isChunk = range.last !== undefined && range.total !== range.last + 1;
    if (isChunk && range.last - range.first + 1 < SMALLEST_CHUNK_BYTES) {
      throw invalid(`Only the last request of an upload may bring fewer than ${SMALLEST_CHUNK_BYTES} bytes.`);
    }
    const digest = await this.#digest(session);
    const fresh = skip(session.received - range.first, bounded(range, body));
    try {
      await this.#blobs.append(session.id, session.received, digest.tap(fresh));
    } finally {
      // Also when the body broke off: what did arrive is synced, and counts. A full disk took less than came.
      const received = Math.min(digest.size, this.#blobs.sizeOf(session.id));
      this.#state.sql
        .prepare('UPDATE storage_uploads SET received = ? WHERE id = ?')
        .run(received, session.id);
    }
  }

  async #finish(session: Session, call: { expected: ExpectedChecksums; mayOverwrite: MayOverwrite }) {
    const { intent, bucket } = session;
    if (session.received === 0) await this.#blobs.append(session.id, 0, nothing());
    const found = (await this.#digest(session)).checksums();
    verify(intent.expected, found);
    verify(call.expected, found);
    if (intent.expected.sizeBytes !== undefined && intent.expected.sizeBytes !== found.size) {
      throw invalid(`The upload holds ${found.size} bytes; ${intent.expected.sizeBytes} were announced.`);
    }
    const { name, attributes, conditions } = intent;
    const content = { blob: session.id, ...found };
    const resource = this.#objects.commit(
      { bucket, name, attributes, conditions, content, mayOverwrite: call.mayOverwrite },
      // Remembered with the object, so that a caller who lost the answer can ask again.
      (committed) =>
        this.#state.sql
          .prepare('UPDATE storage_uploads SET object = ? WHERE id = ?')
          .run(JSON.stringify(committed), session.id),
    );
    this.#digests.delete(session.id);
    return resource;
  }

  async #digest(session: Session): Promise<Digest> {
    const running = this.#digests.get(session.id);
    if (running !== undefined && running.size === session.received) return running;
    const digest = new Digest();
    if (session.received > 0) {
      // Bytes past `received` were never acknowledged, and may not have reached the disk whole.
      truncateSync(this.#blobs.path(session.id), session.received);
      for await (const chunk of createReadStream(this.#blobs.path(session.id)))
        digest.update(chunk as Buffer);
    }
    this.#digests.set(session.id, digest);
    return digest;
  }

  #require(id: string): Session {
    const row = this.#state.sql.prepare('SELECT * FROM storage_uploads WHERE id = ?').get(id);
    if (row === undefined) throw notFound(`No such resumable upload: ${id}`);
    return {
      id,
      bucket: row.bucket as string,
      intent: JSON.parse(row.intent as string) as UploadIntent,
      received: row.received as number,
      finished: row.object === null ? undefined : (JSON.parse(row.object as string) as ObjectResource),
    };
  }
}

/** Throws 400 if the body is not as long as its range says. */
async function* bounded(
  range: { first: number; last?: number },
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const length = range.last === undefined ? undefined : range.last - range.first + 1;
  let observed = 0;
  for await (const chunk of body) {
    observed += chunk.byteLength;
    if (length !== undefined && observed > length) break;
    yield chunk;
  }
  if (length !== undefined && observed !== length) {
    throw invalid(
      `Content-Range announces ${length} bytes; the body holds ${observed > length ? 'more' : observed}.`,
    );
  }
}

/** Drops the first `count` bytes: the caller sends again what had arrived already. */
async function* skip(count: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of body) {
    if (chunk.byteLength > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
