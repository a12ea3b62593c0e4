// Loads the model that a pointer names: each file in the version that was published, verified, and then the whole.
import { addAbortSignal } from 'node:stream';
import { setImmediate as pause } from 'node:timers/promises';
import { descriptorName, type Task } from '../../models/bikes/bundle.ts';
import { loadingModel, type LoadedModel } from '../../models/bikes/model.ts';
import type { Steps } from '../../models/bikes/steps.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { messageOf, PermanentError, TransientError } from '../../shared/errors.ts';
import { Crc32c } from '../../shared/objects/crc32c.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { PublishedFile } from '../../shared/outputs/published.ts';
import type { Pointer } from '../../shared/publications/pointer.ts';

const MOST_FILES = 10;
const MOST_BYTES = 200_000_000;
const AT_ONCE = 4;
/** Between two slices of loading, requests are answered. */
const SLICE_MS = 1;

/** A permanent error has the code `MODEL_CORRUPT`: the same files cannot be loaded later either. */
export async function loadPublished(
  exports: ObjectStore,
  task: Task,
  { files }: Pointer,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length > MOST_FILES || total > MOST_BYTES)
    throw corrupt(
      `the model has ${files.length} files of ${total} bytes; expected at most ${MOST_FILES} of ${MOST_BYTES}`,
    );
  const read = await concurrently(files, AT_ONCE, (file) => readVerified(exports, file, signal));
  const bytes = new Map(files.map(({ name }, index) => [name, read[index]!]));
  const descriptor = bytes.get(descriptorName(task));
  if (descriptor === undefined)
    throw corrupt(
      `the publication has the files ${[...bytes.keys()].join(', ')}; expected ${descriptorName(task)} among them`,
    );
  const model = await inSlices(loadingModel({ descriptor, bytes }), signal);
  if (model.descriptor.task !== task)
    throw corrupt(`the model is for ${model.descriptor.task}; expected ${task}`);
  return model;
}

async function readVerified(
  exports: ObjectStore,
  { object, generation, sizeBytes, crc32c }: PublishedFile,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const url = `gs://${exports.bucket}/${object}`;
  const content = Buffer.alloc(sizeBytes);
  const sum = new Crc32c();
  let length = 0;
  try {
    const stream = addAbortSignal(signal, exports.read(object, generation));
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (length + chunk.length <= sizeBytes) chunk.copy(content, length);
      length += chunk.length;
      // What is longer is not read to its end.
      if (length > sizeBytes) break;
      sum.add(chunk);
    }
  } catch (cause) {
    const message = `reading ${url}, generation ${generation}: ${messageOf(cause)}`;
    throw new TransientError(message, { cause, code: 'SERVICE_UNAVAILABLE' });
  }
  if (length !== sizeBytes)
    throw corrupt(
      `${url} has ${length > sizeBytes ? 'more than ' : ''}${Math.min(length, sizeBytes)} bytes; expected ${sizeBytes}`,
    );
  if (sum.base64 !== crc32c)
    throw corrupt(`${url} has the CRC32C ${sum.base64}; expected ${crc32c}, as the pointer says`);
  return content;
}

async function inSlices(steps: Steps<LoadedModel>, signal: AbortSignal): Promise<LoadedModel> {
  let beganMs = performance.now();
  for (;;) {
    const step = nextOf(steps);
    if (step.done === true) return step.value;
    if (performance.now() - beganMs < SLICE_MS) continue;
    await pause();
    signal.throwIfAborted();
    beganMs = performance.now();
  }
}

function nextOf(steps: Steps<LoadedModel>): IteratorResult<undefined, LoadedModel> {
  try {
    return steps.next();
  } catch (cause) {
    throw corrupt(messageOf(cause), cause);
  }
}

const corrupt = (message: string, cause?: unknown): PermanentError =>
  new PermanentError(message, { cause, code: 'MODEL_CORRUPT' });
