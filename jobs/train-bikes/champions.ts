// Reads the current models from the export bucket, as the run's input names them; each file is verified.
import { descriptor, descriptorName, TASKS, type Task } from '../../models/bikes/bundle.ts';
import type { ModelFiles } from '../../models/bikes/model.ts';
import { Checksum } from '../../shared/attempts/checksum.ts';
import { messageOf } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { PublishedFile, PublishedObjects } from '../../shared/outputs/published.ts';
import type { DataNote } from './reading/notes.ts';
import type { Champion } from './trained.ts';

/** A champion whose descriptor can be read, with all its files. */
export interface ReadChampion {
  readonly task: Task;
  readonly champion: Champion;
  readonly files: ModelFiles;
}

export interface ReadChampions {
  readonly read: readonly ReadChampion[];
  /** What is wrong with the others: they are compared with nothing, and stay current. */
  readonly notes: readonly DataNote[];
}

const LARGEST_MODEL_BYTES = 256 * 1024 * 1024;
const MOST_FILES = 20;

/** Throws only what a retry may mend; a champion that is gone, damaged or malformed is a note. */
export async function readChampions(
  exports: ObjectStore | undefined,
  published: readonly PublishedObjects[],
): Promise<ReadChampions> {
  const read: ReadChampion[] = [];
  const notes: DataNote[] = [];
  for (const each of published) {
    const found = await readChampion(exports, each);
    if (typeof found !== 'string') read.push(found);
    else
      notes.push({
        kind: 'champion',
        text:
          `The champion ${each.publication} of ${each.output} cannot be read: ${found}. ` +
          'It stays current, since no candidate was compared with it.',
      });
  }
  return { read, notes };
}

async function readChampion(
  exports: ObjectStore | undefined,
  { output, publication, run, files }: PublishedObjects,
): Promise<ReadChampion | string> {
  const task = TASKS.find((each) => each === output);
  if (task === undefined) return `this job trains no model "${output}"`;
  if (exports === undefined) return 'the job has no export bucket';
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (files.length > MOST_FILES || sizeBytes > LARGEST_MODEL_BYTES)
    return `it has ${files.length} files of ${sizeBytes} bytes`;
  const bytes = new Map<string, Uint8Array>();
  for (const file of files) {
    const content = await verifiedBytes(exports, file);
    if (typeof content === 'string') return content;
    bytes.set(file.name, content);
  }
  const described = bytes.get(descriptorName(task));
  if (described === undefined) return `it has no ${descriptorName(task)}`;
  try {
    const parsed = descriptor.parse(JSON.parse(Buffer.from(described).toString('utf8')));
    if (parsed.task !== task) return `its descriptor is of ${parsed.task}`;
    return {
      task,
      champion: { publication, run, descriptor: parsed },
      files: { descriptor: described, bytes },
    };
  } catch (error) {
    return `its descriptor is malformed (${messageOf(error).slice(0, 200)})`;
  }
}

/** The bytes, or what is wrong with them. */
async function verifiedBytes(exports: ObjectStore, file: PublishedFile): Promise<Buffer | string> {
  const info = await exports.info(file.object);
  if (info === undefined) return `${file.object} does not exist`;
  if (info.generation !== file.generation) return `${file.object} was replaced`;
  const chunks: Buffer[] = [];
  const sum = new Checksum();
  for await (const chunk of exports.read(file.object, file.generation) as AsyncIterable<Buffer>) {
    sum.add(chunk);
    if (sum.sizeBytes > file.sizeBytes) break;
    chunks.push(chunk);
  }
  return sum.sizeBytes === file.sizeBytes && sum.crc32c === file.crc32c
    ? Buffer.concat(chunks)
    : `${file.object} has other bytes than were published`;
}
