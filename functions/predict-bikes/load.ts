// Loads the model that a pointer names: each file in the version that was published, verified, and then the whole.
import { addAbortSignal } from 'node:stream';
import { setImmediate as pause } from 'node:timers/promises';
import { descriptorName, type Candidate, type Task } from '../../models/bikes/bundle.ts';
import { kindsOf, OpenedModel, type LoadedModel } from '../../models/bikes/model.ts';
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

/** Receives a model of which the best kind alone is loaded. */
export type Early = (model: LoadedModel) => void;

/**
 * A permanent error has the code `MODEL_CORRUPT`: the same files cannot be loaded later either.
 *
 * A start that waits for a model waits for the kind that most requests ask for, and the others follow:
 *
 *     descriptor ─┬─ with `early`: the best kind ▸ early ▸ the other kinds ▸ the model
 *                 └─ without: all kinds ▸ the model
 */
export async function loadPublished(
  exports: ObjectStore,
  task: Task,
  { files }: Pointer,
  { signal, early }: { readonly signal: AbortSignal; readonly early?: Early | undefined },
): Promise<LoadedModel> {
  refuseLarge(files);
  const described = files.find(({ name }) => name === descriptorName(task));
  if (described === undefined)
    throw corrupt(
      `the publication has the files ${files.map(({ name }) => name).join(', ')}; expected ${descriptorName(task)} among them`,
    );
  const content = await readPublished(exports, described, signal);
  refuseOtherSum(exports, described, content);
  const opened = attempted(() => new OpenedModel(content));
  const { descriptor } = opened;
  if (descriptor.task !== task) throw corrupt(`the model is for ${descriptor.task}; expected ${task}`);
  const add = async (wanted: (candidate: Candidate) => boolean): Promise<LoadedModel> => {
    const candidates = descriptor.candidates.filter(wanted);
    const named = files.filter(({ name }) => candidates.some(({ file }) => file === name));
    const read = await concurrently(named, AT_ONCE, (file) => readPublished(exports, file, signal));
    const bytes = new Map(named.map(({ name }, index) => [name, read[index]!]));
    const kinds = kindsOf({ ...descriptor, candidates });
    return inSlices(opened.adding(kinds, bytes), signal);
  };
  if (early === undefined) return add(() => true);
  const first = await add(({ kind }) => kind === descriptor.best);
  early(first);
  return descriptor.candidates.length === 1 ? first : add(({ kind }) => kind !== descriptor.best);
}

function refuseLarge(files: readonly PublishedFile[]): void {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length > MOST_FILES || total > MOST_BYTES)
    throw corrupt(
      `the model has ${files.length} files of ${total} bytes; expected at most ${MOST_FILES} of ${MOST_BYTES}`,
    );
}

async function readPublished(
  exports: ObjectStore,
  { object, generation, sizeBytes }: PublishedFile,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const url = `gs://${exports.bucket}/${object}`;
  const content = Buffer.alloc(sizeBytes);
  let length = 0;
  try {
    // The client would sum up each byte in JavaScript, which a cold start feels; the checks below and the SHA-256 do.
    const stream = addAbortSignal(signal, exports.read(object, generation, 'by the reader'));
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (length + chunk.length <= sizeBytes) chunk.copy(content, length);
      length += chunk.length;
      // What is longer is not read to its end.
      if (length > sizeBytes) break;
    }
  } catch (cause) {
    const message = `reading ${url}, generation ${generation}: ${messageOf(cause)}`;
    throw new TransientError(message, { cause, code: 'SERVICE_UNAVAILABLE' });
  }
  if (length !== sizeBytes)
    throw corrupt(
      `${url} has ${length > sizeBytes ? 'more than ' : ''}${Math.min(length, sizeBytes)} bytes; expected ${sizeBytes}`,
    );
  return content;
}

/** Of the descriptor, which has the SHA-256 of the other files. */
function refuseOtherSum(
  { bucket }: ObjectStore,
  { object, crc32c }: PublishedFile,
  content: Uint8Array,
): void {
  const sum = new Crc32c();
  sum.add(content);
  if (sum.base64 !== crc32c)
    throw corrupt(
      `gs://${bucket}/${object} has the CRC32C ${sum.base64}; expected ${crc32c}, as the pointer says`,
    );
}

async function inSlices(steps: Steps<LoadedModel>, signal: AbortSignal): Promise<LoadedModel> {
  let beganMs = performance.now();
  for (;;) {
    const step = attempted(() => steps.next());
    if (step.done === true) return step.value;
    if (performance.now() - beganMs < SLICE_MS) continue;
    await pause();
    signal.throwIfAborted();
    beganMs = performance.now();
  }
}

function attempted<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw corrupt(messageOf(cause), cause);
  }
}

const corrupt = (message: string, cause?: unknown): PermanentError =>
  new PermanentError(message, { cause, code: 'MODEL_CORRUPT' });
