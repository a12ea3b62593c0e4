// Copies a version of an object inside Cloud Storage, in as many calls as it takes.
import type { FileMetadata, Storage } from '@google-cloud/storage';
import { BoundError } from '../errors.ts';
import { ABSENT, type CopyAnswer, type ObjectVersion } from '../objects/store.ts';
import { failure, isNotFound, statusOf } from './failures.ts';
import { unknownIfLost } from './storage-answers.ts';

// Cloud Storage rewrites a gibibyte a call at least.
const MOST_REWRITES = 5000;

interface Rewrite {
  readonly done?: boolean;
  readonly rewriteToken?: string;
  readonly resource?: { readonly generation?: string };
}

/**
 * The client's own `copy` sends the condition and the metadata in the first call only, and a copy to another location or
 * key takes several calls; so the loop is here.
 */
export async function copyVersion(
  storage: Storage,
  source: ObjectVersion,
  to: { readonly bucket: string; readonly name: string },
  { bearsTime }: { readonly bearsTime: boolean },
): Promise<CopyAnswer> {
  const from = storage.bucket(source.bucket);
  const what = `copying gs://${source.bucket}/${source.name} to gs://${to.bucket}/${to.name}`;
  const uri = `/o/${encodeURIComponent(source.name)}/rewriteTo/b/${to.bucket}/o/${encodeURIComponent(to.name)}`;
  const time = bearsTime ? { customTime: new Date().toISOString() } : {};
  const found = await sourceOf(storage, source, what);
  if (found === undefined) return { kind: 'gone' };
  try {
    // The metadata of the copy replaces that of the source.
    const json = { contentType: found.contentType, ...time };
    let token: string | undefined;
    for (let call = 0; call < MOST_REWRITES; call++) {
      const qs = {
        sourceGeneration: source.generation,
        ifGenerationMatch: ABSENT,
        ...(token === undefined ? {} : { rewriteToken: token }),
      };
      const [answer] = (await from.request({ method: 'POST', uri, qs, json })) as unknown as [Rewrite];
      if (answer.done === true) return { kind: 'landed', generation: String(answer.resource?.generation) };
      token = answer.rewriteToken;
    }
  } catch (error) {
    if (isNotFound(error)) return { kind: 'gone' };
    if (statusOf(error) === 412) return { kind: 'conflict' };
    return unknownIfLost(error, failure(what, error));
  }
  throw new BoundError(`${what} took more than ${MOST_REWRITES} calls`);
}

async function sourceOf(
  storage: Storage,
  { bucket, name, generation }: ObjectVersion,
  what: string,
): Promise<FileMetadata | undefined> {
  try {
    return (await storage.bucket(bucket).file(name, { generation }).getMetadata())[0];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw failure(what, error);
  }
}
