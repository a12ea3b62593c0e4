// What engines keep from run to run: one object a trained week, under the hash of all that made it.
import { crc32c } from '@node-rs/crc32';
import { BoundError, PermanentError } from '../../../shared/errors.ts';
import { notThere } from '../../../shared/objects/json.ts';
import type { ObjectStore, WriteAnswer } from '../../../shared/objects/store.ts';

/** Where an engine keeps the weeks that it trained. Keys are hashes in lower-case hex. */
export interface WeekStore {
  /** The bytes put under the key, or undefined. */
  get(key: string): Promise<Buffer | undefined>;
  /** Keeps the bytes. Putting the same bytes again is fine; other bytes under a known key are an error. */
  put(key: string, bytes: Buffer): Promise<void>;
}

const KEY = /^[0-9a-f]{16,128}$/;
const LARGEST_BYTES = 64 * 1024 * 1024;

/** `<pipeline>/weeks/<key>` in the training cache, created once and never replaced (law 2). */
export function weekStoreIn(models: ObjectStore, pipeline: string): WeekStore {
  const objectOf = (key: string): string => {
    if (!KEY.test(key))
      throw new PermanentError(`a week cannot be kept under ${JSON.stringify(key)}: expected hex`);
    return `${pipeline}/weeks/${key}`;
  };
  return {
    async get(key) {
      const object = objectOf(key);
      const info = await models.info(object);
      if (info === undefined) return undefined;
      refuseTooLarge(models, object, info.sizeBytes);
      const chunks: Buffer[] = [];
      for await (const chunk of models.read(object) as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async put(key, bytes) {
      const object = objectOf(key);
      refuseTooLarge(models, object, bytes.length);
      const answer = await models.create(object, bytes, 'application/octet-stream');
      if (answer.kind !== 'landed') await expectSame(models, object, bytes, answer);
    },
  };
}

/** What stands may be this run's own write, or that of another run that made the same week (law 3). */
async function expectSame(
  models: ObjectStore,
  object: string,
  bytes: Buffer,
  answer: WriteAnswer,
): Promise<void> {
  const url = `gs://${models.bucket}/${object}`;
  const stands = await models.info(object);
  if (stands === undefined) throw notThere(models, object, answer);
  const own = Buffer.alloc(4);
  own.writeUInt32BE(crc32c(bytes));
  if (stands.sizeBytes === bytes.length && stands.crc32c === own.toString('base64')) return;
  throw new PermanentError(
    `${url} exists with other content (${stands.sizeBytes} bytes) than this run made (${bytes.length} bytes); ` +
      'the same data and settings must make the same bytes',
  );
}

function refuseTooLarge(models: ObjectStore, object: string, sizeBytes: number): void {
  if (sizeBytes <= LARGEST_BYTES) return;
  throw new BoundError(
    `gs://${models.bucket}/${object} has ${sizeBytes} bytes; a week has at most ${LARGEST_BYTES}`,
  );
}
