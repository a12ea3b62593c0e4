// The origin of a run: who requested it, when, and which files it used.
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

/** A field is null if the run's folder does not hold it: it has expired, or the run was never frozen. */
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
  readRequest = requestReader(runs, pipeline, run),
): Promise<Origin> {
  const [request, frozen] = await Promise.all([
    readRequest(),
    readJson(runs, inputObject(pipeline, run), inputManifest),
  ]);
  const files = frozen?.value.files.map(({ role, name, md5 }) => ({
    role,
    name,
    md5: md5 === undefined ? null : Buffer.from(md5, 'base64').toString('hex'),
  }));
  return {
    revision: request?.revision ?? frozen?.value.revision ?? null,
    cause: request?.cause ?? null,
    requestedAt: request?.requestedAt ?? null,
    frozenAt: frozen?.value.frozenAt ?? null,
    files: files ?? null,
  };
}
