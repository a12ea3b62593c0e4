// Erases what the attempts of a requested run wrote: a tombstone takes the place of each file.
import { concurrently } from '../concurrently.ts';
import { TransientError } from '../errors.ts';
import { toJson } from '../objects/json.ts';
import { ABSENT, type ObjectInfo, type ObjectStore } from '../objects/store.ts';
import { resultOf } from '../pipelines/outputs.ts';
import type { RequestsPipeline } from '../pipelines/pipeline.ts';
import { manifestObject, outputFolder, outputsOf } from '../runs/names.ts';

/** A listing shows it: nothing is read to know what is erased. */
const ERASED_TYPE = 'application/vnd.sluice.erased+json';
/** Of a run: its attempts, each with a manifest, a result and at most 100 attachments. */
const MOST_FILES = 2000;
const MOST_ROUNDS = 3;
const AT_ONCE = 16;

export interface ErasedRun {
  readonly pipeline: Pick<RequestsPipeline, 'name' | 'outputs'>;
  readonly run: string;
  /** The attempt that ended the run. */
  readonly attempt: number;
}

/**
 * Idempotent. The run has ended and no execution of it lives, so only a write whose answer was lost can still land: it is
 * create-only, so the tombstones keep it out. They are also written where an attempt has no result or no manifest.
 *
 *     list ──▶ all are tombstones: done
 *       ▲ └──▶ replace the others by their generation; a conflict or a lost answer is settled by the next listing
 *       └──────────────────────────────┘
 */
export async function eraseResults(
  results: ObjectStore,
  erased: ErasedRun,
  tombstone: { readonly by: string; readonly at: string },
): Promise<void> {
  const text = toJson({ kind: 'erased', ...tombstone });
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const left = await unerased(results, erased);
    if (left.length === 0) return;
    await concurrently(left, AT_ONCE, ({ name, generation }) =>
      results.replace(name, generation, text, ERASED_TYPE),
    );
  }
  const { pipeline, run } = erased;
  if ((await unerased(results, erased)).length === 0) return;
  throw new TransientError(
    `files of ${pipeline.name} ${run} in gs://${results.bucket} are not erased yet; try again`,
    { code: 'CONFLICT' },
  );
}

type Target = Pick<ObjectInfo, 'name' | 'generation'>;

async function unerased(
  results: ObjectStore,
  { pipeline, run, attempt }: ErasedRun,
): Promise<readonly Target[]> {
  const listed = await results.list(outputsOf(pipeline.name, run), MOST_FILES);
  const names = new Set(listed.map(({ name }) => name));
  const file = resultOf(pipeline)?.file;
  const expected = Array.from({ length: attempt }, (_none, index) => [
    manifestObject(pipeline.name, run, index + 1),
    ...(file === undefined ? [] : [outputFolder(pipeline.name, run, index + 1) + file]),
  ]).flat();
  return [
    ...listed.filter(({ contentType }) => contentType !== ERASED_TYPE),
    ...expected.filter((name) => !names.has(name)).map((name) => ({ name, generation: ABSENT })),
  ];
}
