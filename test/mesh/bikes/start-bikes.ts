// Starts the mesh over a bucket of counters, and asks the services that follow its models.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tickUntilIdle, type Report, type WatchedMesh } from '../../../cli/idle.ts';
import { bringFiles, LOCAL_PROJECT, openMesh, REGION } from '../../../cli/local-mesh.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { readPointer, type Pointer } from '../../../shared/publications/pointer.ts';
import { deliveries, interfering } from '../deliveries.ts';
import { bearerOf } from '../invokers.ts';
import { isForeign, quiet, sweeping } from '../start-mesh.ts';

export const ANALYST = 'analyst@example.org';
export const WITHOUT_RIGHTS = 'visitor@example.org';
export type Service = 'reg' | 'class';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Asking {
  readonly body?: unknown;
  readonly as?: string;
}

export interface BikesMesh extends WatchedMesh {
  readonly data: string;
  readonly exports: ObjectStore;
  readonly logLines: string[];
  /** Makes the watched bucket hold this file, in place of its earlier version. */
  put(name: string, bytes: Buffer): Promise<void>;
  /** Fires the tick, and waits until nothing moves. */
  tick(): Promise<Report>;
  /** `GET /health`, or `POST /predict` with a body, with a token of that person. */
  ask(service: Service, route: string, asking?: Asking): Promise<Answered>;
  pointer(service: Service): Promise<Pointer>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Its schedules stand still: it moves when a test fires one. `config`: further settings of the stack. */
export async function startBikes(config: Readonly<Record<string, string>> = {}): Promise<BikesMesh> {
  const root = mkdtempSync(join(tmpdir(), 'bikes-'));
  const folders = { data: join(root, 'data'), drive: join(root, 'files') };
  mkdirSync(folders.drive);
  const logLines: string[] = [];
  let struck = 0;
  const cloud = await openMesh(folders, {
    pipeline: bikes.name,
    interference: interfering(deliveries, undefined, () => struck++),
    config: {
      'bikes:settleSeconds': '0',
      'sluice:overdueSeconds': '0',
      'bikes:callers': `user:${ANALYST}`,
      'bikes:xgboostLibrary': process.env['XGBOOST_LIBRARY'] ?? '',
      ...config,
    },
    onLog: ({ from, text }) => logLines.push(`${from}: ${text}`),
  });
  await cloud.scheduler.stop();
  Object.assign(process.env, {
    GCE_METADATA_HOST: new URL(cloud.endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const exports = gcsStore(exportsBucketOf(LOCAL_PROJECT), google);
  const mesh: WatchedMesh = {
    cloud,
    pipeline: bikes,
    runs: gcsStore(runsBucketOf(LOCAL_PROJECT), google),
    results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
    display: quiet(logLines),
    signal: new AbortController().signal,
  };
  const sweep = () => cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`);
  const ask = askOn(mesh);
  let stopped = false;
  const stop = async () => {
    if (!stopped) await cloud.close();
    stopped = true;
  };
  return {
    ...mesh,
    data: folders.data,
    exports,
    logLines,
    ask,
    stop,
    async put(name, bytes) {
      writeFileSync(join(folders.drive, name), bytes);
      await bringFiles(cloud, bikes.name, folders.drive);
    },
    tick: () => (deliveries === 'never' ? sweeping(sweep, () => tickUntilIdle(mesh)) : tickUntilIdle(mesh)),
    async pointer(service) {
      const found = await readPointer(exports, bikes.name, service);
      assert.ok(found, `there is no pointer of ${service}`);
      return found.value;
    },
    async close() {
      await stop();
      rmSync(root, { recursive: true, force: true });
      assert.ok(
        deliveries === 'once' || struck > 0,
        `no message met "${deliveries}", so the test shows nothing`,
      );
      assert.deepEqual(logLines.filter(isForeign), [], 'a library or Node printed what the mesh did not');
    },
  };
}

function askOn(mesh: WatchedMesh): BikesMesh['ask'] {
  const tokens = new Map<string, Promise<string>>();
  return async (service, route, { body, as = ANALYST } = {}) => {
    const url = mesh.cloud.functionUrl(`bikes-${service}`);
    const key = `${as} ${url}`;
    if (!tokens.has(key)) tokens.set(key, bearerOf(mesh, as, url));
    const [method = '', path = ''] = route.split(' ');
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: await tokens.get(key)!, 'content-type': 'application/json' },
      ...sent,
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson ? (JSON.parse(text) as Answered['body']) : { text },
    };
  };
}

/** The version of the model that an answer names. */
export const versionIn = ({ body }: Answered): string =>
  String((body['model'] as { version?: unknown } | undefined)?.version);
