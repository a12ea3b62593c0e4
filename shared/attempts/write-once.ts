// Writes an attempt's objects, each once (law 2); the object of an earlier try of the same attempt is accepted if it is the same.
import { Transform, type Readable } from 'node:stream';
import { PermanentError } from '../errors.ts';
import { notThere } from '../objects/json.ts';
import type { ObjectStore, WriteAnswer } from '../objects/store.ts';
import type { OutputFile } from '../outputs/manifest.ts';
import { Checksum } from './checksum.ts';

/**
 * Streams `content()` into a new object. After a conflict or a lost answer the stored object decides (law 3): the same
 * bytes are this attempt's own; other bytes are a permanent error. `content` may be called twice.
 */
export async function writeOnce(
  store: ObjectStore,
  object: string,
  contentType: string,
  content: () => Readable,
): Promise<OutputFile> {
  const sum = new Checksum();
  const answer = await store.createFrom(object, summing(content(), sum), contentType);
  if (answer.kind === 'landed') return fileOf(object, sum);
  // The store may have answered before it read all bytes, so the checksum is computed again.
  const own = new Checksum();
  for await (const chunk of content() as AsyncIterable<Buffer | string>) own.add(Buffer.from(chunk));
  await expectSame(store, object, own, answer);
  return fileOf(object, own);
}

async function expectSame(
  store: ObjectStore,
  object: string,
  own: Checksum,
  answer: WriteAnswer,
): Promise<void> {
  const url = `gs://${store.bucket}/${object}`;
  const stands = await store.info(object);
  if (stands === undefined) throw notThere(store, object, answer);
  if (stands.crc32c === own.crc32c && stands.sizeBytes === own.sizeBytes) return;
  throw new PermanentError(
    `${url} exists with other content (crc32c ${stands.crc32c}, ${stands.sizeBytes} bytes); ` +
      `this try of the same attempt produced ${own.crc32c}, ${own.sizeBytes} bytes`,
    { code: 'OUTPUT_CONFLICT' },
  );
}

function summing(content: Readable, sum: Checksum): Readable {
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum.add(chunk);
      done(null, chunk);
    },
  });
  content.on('error', (error) => through.destroy(error));
  through.on('close', () => content.destroy());
  return content.pipe(through);
}

const fileOf = (object: string, sum: Checksum): OutputFile => ({
  name: object.slice(object.lastIndexOf('/') + 1),
  object,
  sizeBytes: sum.sizeBytes,
  crc32c: sum.crc32c,
});
