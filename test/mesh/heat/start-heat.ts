// Starts the mesh over the generated city, cut to two days.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tickUntilIdle, type Report, type WatchedMesh } from '../../../cli/idle.ts';
import { bringFiles, LOCAL_PROJECT, openMesh, REGION } from '../../../cli/local-mesh.ts';
import { writeCity } from '../../../local/sample/city.ts';
import { heat } from '../../../pipelines/heat.ts';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { deliveries, interfering } from '../deliveries.ts';
import { isForeign, quiet, sweeping } from '../start-mesh.ts';

export const CITY = 'villeneuve';
export const [FIRST_DAY, LAST_DAY] = ['2025-06-21', '2025-06-22'];

export interface HeatMesh extends WatchedMesh {
  readonly data: string;
  readonly exports: ObjectStore;
  readonly logLines: string[];
  /** Fires the tick, and waits until nothing moves. */
  tick(): Promise<Report>;
  close(): Promise<void>;
}

/** Its schedules stand still: it moves when a test fires one. */
export async function startHeat(): Promise<HeatMesh> {
  const root = mkdtempSync(join(tmpdir(), 'heat-mesh-'));
  const folders = { data: join(root, 'data'), drive: join(root, 'files') };
  mkdirSync(folders.drive);
  await writeCity(folders.drive, { seed: 1 });
  const configuration = join(folders.drive, `${CITY}.yml`);
  const text = readFileSync(configuration, 'utf8');
  writeFileSync(configuration, text.replace(/^ {2}end: .*$/m, `  end: ${LAST_DAY}`));
  const logLines: string[] = [];
  let struck = 0;
  const cloud = await openMesh(folders, {
    pipeline: heat.name,
    interference: interfering(deliveries, undefined, () => struck++),
    config: { 'heat:settleSeconds': '0', 'sluice:overdueSeconds': '0' },
    onLog: ({ from, text: line }) => logLines.push(`${from}: ${line}`),
  });
  await cloud.scheduler.stop();
  Object.assign(process.env, {
    GCE_METADATA_HOST: new URL(cloud.endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const mesh: WatchedMesh = {
    cloud,
    pipeline: heat,
    runs: gcsStore(runsBucketOf(LOCAL_PROJECT), google),
    results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
    display: quiet(logLines),
    signal: new AbortController().signal,
  };
  const sweep = () => cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`);
  await bringFiles(cloud, heat.name, folders.drive);
  return {
    ...mesh,
    data: folders.data,
    exports: gcsStore(exportsBucketOf(LOCAL_PROJECT), google),
    logLines,
    tick: () => (deliveries === 'never' ? sweeping(sweep, () => tickUntilIdle(mesh)) : tickUntilIdle(mesh)),
    async close() {
      await cloud.close();
      rmSync(root, { recursive: true, force: true });
      assert.ok(
        deliveries === 'once' || struck > 0,
        `no message met "${deliveries}", so the test shows nothing`,
      );
      assert.deepEqual(logLines.filter(isForeign), [], 'a library or Node printed what the mesh did not');
    },
  };
}
