// Where a run comes from: who asked for it, when, and which files it was made of.
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { Cause } from './cause.ts';
import { inputManifest } from './input.ts';
import { inputObject, type RunId } from './names.ts';
import { requestReader } from './request.ts';

export interface OriginFile {
  readonly role: string;
  readonly name: string;
  /** In hex, as Drive and `md5sum` show it; null for an object that was composed. */
  readonly md5: string | null;
}

/** Null is what the run's folder does not say: it has expired, or the run was frozen by nobody. */
export interface Origin {
  readonly revision: string | null;
  readonly cause: Cause | null;
  readonly requestedAt: string | null;
  readonly frozenAt: string | null;
  readonly files: readonly OriginFile[] | null;
}

export async function readOrigin(
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
  askForRequest = requestReader(runs, pipeline, run),
): Promise<Origin> {
  const [asked, frozen] = await Promise.all([
    askForRequest(),
    readJson(runs, inputObject(pipeline, run), inputManifest),
  ]);
  const files = frozen?.value.files.map(({ role, name, md5 }) => ({
    role,
    name,
    md5: md5 === undefined ? null : Buffer.from(md5, 'base64').toString('hex'),
  }));
  return {
    revision: asked?.revision ?? frozen?.value.revision ?? null,
    cause: asked?.cause ?? null,
    requestedAt: asked?.requestedAt ?? null,
    frozenAt: frozen?.value.frozenAt ?? null,
    files: files ?? null,
  };
}
