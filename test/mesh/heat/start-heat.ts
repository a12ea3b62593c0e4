// Starts the mesh over a bucket of cities.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { tickUntilIdle, type Report, type WatchedMesh } from '../../../cli/idle.ts';
import { bringFiles, LOCAL_PROJECT, openMesh, REGION } from '../../../cli/local-mesh.ts';
import { heat } from '../../../pipelines/heat.ts';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { readPointer, type Pointer } from '../../../shared/publications/pointer.ts';
import { deliveries, interfering } from '../deliveries.ts';
import { isForeign, quiet, sweeping } from '../start-mesh.ts';

export interface HeatMesh extends WatchedMesh {
  readonly data: string;
  readonly exports: ObjectStore;
  readonly logLines: string[];
  /** Makes the watched bucket hold this file, in place of its earlier version. */
  put(files: ReadonlyMap<string, string | Buffer>): Promise<void>;
  /** Fires the tick, and waits until nothing moves. */
  tick(): Promise<Report>;
  /** Does the work while events arrive, or while sweeps stand in for them. */
  meanwhile<T>(work: () => Promise<T>): Promise<T>;
  pointer(): Promise<Pointer>;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Its schedules stand still. `onLine` sees each line of a function or a job as it is printed. */
export async function startHeat(onLine: (line: string) => void = () => {}): Promise<HeatMesh> {
  const root = mkdtempSync(join(tmpdir(), 'heat-mesh-'));
  const folders = { data: join(root, 'data'), drive: join(root, 'files') };
  mkdirSync(folders.drive);
  const logLines: string[] = [];
  let struck = 0;
  const cloud = await openMesh(folders, {
    pipeline: heat.name,
    interference: interfering(deliveries, undefined, () => struck++),
    // The files of a city arrive one after the other: a poll in between would find a part of them.
    config: { 'heat:settleSeconds': '3', 'sluice:overdueSeconds': '0' },
    onLog: ({ from, text }) => {
      logLines.push(`${from}: ${text}`);
      onLine(text);
    },
  });
  await cloud.scheduler.stop();
  Object.assign(process.env, {
    GCE_METADATA_HOST: new URL(cloud.endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const bigquery = new BigQuery({ projectId: LOCAL_PROJECT, location: 'EU', apiEndpoint: cloud.endpoint });
  const exports = gcsStore(exportsBucketOf(LOCAL_PROJECT), google);
  const mesh: WatchedMesh = {
    cloud,
    pipeline: heat,
    runs: gcsStore(runsBucketOf(LOCAL_PROJECT), google),
    results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
    display: quiet(logLines),
    signal: new AbortController().signal,
  };
  const sweep = () => cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`);
  const meanwhile = <T>(work: () => Promise<T>) => (deliveries === 'never' ? sweeping(sweep, work) : work());
  return {
    ...mesh,
    meanwhile,
    data: folders.data,
    exports,
    logLines,
    async put(files) {
      for (const [name, content] of files) {
        const path = join(folders.drive, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
      await bringFiles(cloud, heat.name, folders.drive);
    },
    tick: () => meanwhile(() => tickUntilIdle(mesh)),
    async pointer() {
      const found = await readPointer(exports, heat.name, 'maps');
      assert.ok(found, 'there is no pointer of maps');
      return found.value;
    },
    query: async (sql) => (await bigquery.query({ query: sql }))[0] as Readonly<Record<string, unknown>>[],
    async close() {
      await cloud.close();
      rmSync(root, { recursive: true, force: true });
      assert.ok(deliveries === 'once' || struck > 0, `no message met "${deliveries}"`);
      assert.deepEqual(logLines.filter(isForeign), [], 'a library or Node printed what the mesh did not');
    },
  };
}
