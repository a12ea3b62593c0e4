// Waits until no run holds the lease of carmila and none waits for it: a run's outcome is recorded first, then it is freed.
import { carmila } from '../../pipelines/carmila.ts';
import { readStatus } from '../../shared/history/history.ts';
import type { RunningMesh } from './start-mesh.ts';

export const freeLease = (mesh: RunningMesh): Promise<true> =>
  mesh.until('a free lease', async () => {
    const { holder, queued } = await readStatus(mesh.runs, carmila.name);
    return holder === undefined && queued === undefined ? true : undefined;
  });
