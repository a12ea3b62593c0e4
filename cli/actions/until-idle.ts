// Follows a mesh that was opened for one command, until nothing moves: closing it would cut its run off.
import { resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { createDisplay } from '../display.ts';
import { followUntilIdle, LONGEST_MS } from '../idle.ts';
import type { Target } from '../target.ts';

/** Does nothing where the mesh runs in a process of its own. */
export async function untilIdle(target: Target, pipeline: Pipeline): Promise<void> {
  if (target.opened === undefined) return;
  const display = createDisplay(process.stderr);
  const project = target.config.GOOGLE_CLOUD_PROJECT;
  const mesh = {
    cloud: target.opened,
    pipeline,
    runs: gcsStore(runsBucketOf(project), target.config),
    results: gcsStore(resultsBucketOf(project), target.config),
    display,
    signal: new AbortController().signal,
  };
  await followUntilIdle(mesh, Date.now() + LONGEST_MS);
  display.close();
}
