// Freezes the source: copies every file of the snapshot into the run's folder, and proves each copy.
import { Readable } from 'node:stream';
import { TransientError } from '../../shared/errors.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/objects/store.ts';
import type { RunRequest } from '../../shared/runs/head.ts';
import { inputManifest, type FrozenFile, type InputManifest } from '../../shared/runs/input.ts';
import { frozenObject, inputObject } from '../../shared/runs/names.ts';
import type { SourceFolder } from '../../shared/sources/folder.ts';
import type { SnapshotFile } from '../../shared/sources/snapshot.ts';

export interface FreezePorts {
  readonly runs: ObjectStore;
  readonly source: SourceFolder;
  readonly now: () => number;
}

/** `changed` names the file that is no longer what the snapshot saw: the run's revision is gone for good. */
export type Frozen = { readonly kind: 'frozen' } | { readonly kind: 'changed'; readonly file: string };

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FILES_AT_ONCE = 4;

/** Idempotent: what is in the run's folder already is proved again, not copied again. */
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

  const frozenAt = new Date(ports.now()).toISOString();
  const input: InputManifest = {
    ...{ pipeline, run, revision, files: copies as FrozenFile[], frozenAt },
    ...(notes === undefined ? {} : { notes }),
  };
  await createOnce(ports.runs, manifest, inputManifest, input);
  return { kind: 'frozen' };
}

async function freezeFile(
  file: SnapshotFile,
  object: string,
  { runs, source }: FreezePorts,
): Promise<FrozenFile | { changed: string }> {
  let copy = await runs.info(object);
  if (copy === undefined) {
    const bytes = await source.read(file);
    if (bytes === undefined) return { changed: file.name };
    await runs.createFrom(object, bytes, XLSX);
    copy = await runs.info(object);
  }
  if (copy?.md5 === undefined)
    throw new TransientError(`the frozen copy of "${file.name}" (${object}) has no md5`);
  if (!(await isSame(file, copy, source))) return { changed: file.name };
  return { role: file.role, name: file.name, object, sizeBytes: copy.sizeBytes, md5: copy.md5 };
}

/** A workbook is proved by its hash. A Sheet has none: it is the same if its version still is, after the export. */
async function isSame(file: SnapshotFile, copy: ObjectInfo, source: SourceFolder): Promise<boolean> {
  if (file.content.kind === 'md5') {
    return copy.md5 === Buffer.from(file.content.md5Hex, 'hex').toString('base64');
  }
  const now = await source.contentNow(file);
  return now?.kind === 'sheet-version' && now.version === file.content.version;
}
