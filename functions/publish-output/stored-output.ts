// Finds the stored output that a replay publishes.
import { DAYS_KEPT } from '../../shared/deployment.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { outputManifest } from '../../shared/outputs/manifest.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { manifestObject } from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { manifestMismatch, type DataManifest } from '../../shared/publications/manifest-file.ts';

export interface StoredRun {
  readonly pipeline: Pipeline;
  readonly run: string;
}

/** Why a run has no output that can be published. */
export interface NoOutput {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** The manifest of the attempt that ended the run, or of its last attempt; or why there is none. */
export async function storedOutput(
  { pipeline, run }: StoredRun,
  { runs, results }: { readonly runs: ObjectStore; readonly results: ObjectStore },
): Promise<DataManifest | NoOutput> {
  const attempt = (await readOutcome(runs, pipeline.name, run))?.attempt || pipeline.job.attempts;
  for (let candidate = attempt; candidate >= 1; candidate--) {
    const manifest = await readJson(results, manifestObject(pipeline.name, run, candidate), outputManifest);
    if (manifest === undefined) continue;
    const mismatch = manifestMismatch({ pipeline, run, attempt: candidate }, manifest.value);
    if (mismatch !== undefined) return { code: 'MANIFEST_MISMATCH', reason: mismatch };
    if (manifest.value.kind === 'output') return manifest.value;
    const reason = `Run ${run} refused its input and has no output to publish: ${manifest.value.reason}`;
    return { code: 'INPUT_REFUSED', reason };
  }
  return {
    code: 'OUTPUT_MISSING',
    reason:
      `Run ${run} of ${pipeline.name} has no stored output; expected ${manifestObject(pipeline.name, run, attempt)}, ` +
      `which is kept ${DAYS_KEPT} days.`,
  };
}
