// Freezes the source: copies every file of the snapshot into the run's folder, and verifies each copy.
import { Readable } from 'node:stream';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { PublishedObjects } from '../../shared/outputs/published.ts';
import type { RunRequest } from '../../shared/runs/state.ts';
import { inputManifest, type FrozenFile, type InputManifest } from '../../shared/runs/input.ts';
import { frozenObject, inputObject } from '../../shared/runs/names.ts';
import type { SnapshotFile } from '../../shared/sources/snapshot.ts';
import type { WatchedSource } from '../../shared/sources/source.ts';

export interface FreezePorts {
  readonly runs: ObjectStore;
  readonly source: Pick<WatchedSource, 'freeze'>;
  /** The models that the pipeline publishes now: what a training job compares its candidates with. */
  readonly champions: () => Promise<readonly PublishedObjects[]>;
  readonly now: () => number;
}

/** `changed` names the file that differs from the snapshot: the run's revision no longer exists. */
export type Frozen = { readonly kind: 'frozen' } | { readonly kind: 'changed'; readonly file: string };

const FILES_AT_ONCE = 4;

/** Idempotent: a copy that is in the run's folder already is verified again, not made again. */
export async function freezeSource(request: RunRequest, ports: FreezePorts): Promise<Frozen> {
  const { pipeline, run, revision, snapshot, notes } = request;
  const manifest = inputObject(pipeline, run);
  if ((await readJson(ports.runs, manifest, inputManifest)) !== undefined) return { kind: 'frozen' };

  const copies = (await Readable.from(snapshot.map((file, index) => ({ file, index })))
    .map(
      ({ file, index }: { file: SnapshotFile; index: number }) =>
        freezeFile(file, frozenObject(pipeline, run, file.role, index + 1), ports),
      { concurrency: FILES_AT_ONCE },
    )
    .toArray()) as (FrozenFile | { changed: string })[];
  const changed = copies.find((copy) => 'changed' in copy);
  if (changed !== undefined) return { kind: 'changed', file: changed.changed };

  const champions = await ports.champions();
  const frozenAt = new Date(ports.now()).toISOString();
  const input: InputManifest = {
    ...{ pipeline, run, revision, files: copies as FrozenFile[], frozenAt },
    ...(notes === undefined ? {} : { notes }),
    ...(champions.length === 0 ? {} : { champions }),
  };
  await createOnce(ports.runs, manifest, inputManifest, input);
  return { kind: 'frozen' };
}

async function freezeFile(
  file: SnapshotFile,
  object: string,
  { source }: FreezePorts,
): Promise<FrozenFile | { changed: string }> {
  const copy = await source.freeze(file, object);
  if (copy === undefined) return { changed: file.name };
  const { sizeBytes, md5, crc32c } = copy;
  const { role, name } = file;
  return { role, name, object, sizeBytes, crc32c, ...(md5 === undefined ? {} : { md5 }) };
}
