// Starts the mesh of the benches: the whole mesh over the bench's folder, moving only when a bench fires a schedule.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Display } from '../../cli/display.ts';
import { LOCAL_PROJECT, openMesh, REGION } from '../../cli/local-mesh.ts';
import { tickUntilIdle, type WatchedMesh, type Report } from '../../cli/idle.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { mainTableOf, type TableOutput } from '../../shared/pipelines/outputs.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { gcsStore } from '../../shared/google/storage.ts';

export interface Mesh extends WatchedMesh {
  readonly exports: ObjectStore;
  /** The pipeline's main table. */
  readonly table: TableOutput;
  /** The folder that stands for the Drive folder; empty at first. */
  readonly drive: string;
  /** Every line that a function or a job has printed, and the local cloud's own lines about them, in brackets. */
  readonly logLines: readonly { readonly from: string; readonly text: string }[];
  /** Fires the tick, and waits until nothing moves. Throws when its end is another than was expected. */
  tickTo(outcome: Report['outcome']): Promise<Report>;
  /** Fires the tick and gives the milliseconds until its function had answered. Throws on any answer but 200. */
  fire(): Promise<number>;
  close(): Promise<void>;
}

interface Options {
  /** False when services are asked and no function is. */
  readonly moving?: boolean;
  /** Of the stack, besides what a laptop's is. */
  readonly config?: Readonly<Record<string, string>>;
}

export async function startMesh(folder: string, { moving = true, config }: Options = {}): Promise<Mesh> {
  const folders = { data: join(folder, 'data'), drive: join(folder, 'drive') };
  mkdirSync(folders.drive, { recursive: true });
  const errors: string[] = [];
  const logLines: { from: string; text: string }[] = [];
  const cloud = await openMesh(folders, {
    moving,
    config: { 'carmila:settleSeconds': '0', ...config },
    onLog(line) {
      logLines.push(line);
      if (line.text.includes('"ERROR"')) errors.push(`${line.from}: ${line.text}`);
    },
  });
  if (moving) {
    await cloud.scheduler.stop();
    await cloud.functions.startAll();
  }
  Object.assign(process.env, {
    GCE_METADATA_HOST: new URL(cloud.endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const mesh: WatchedMesh = {
    cloud,
    pipeline: carmila,
    runs: gcsStore(runsBucketOf(LOCAL_PROJECT), google),
    results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
    display: unwatched(errors),
    signal: new AbortController().signal,
  };
  const table = mainTableOf(carmila);
  if (table === undefined) throw new Error('carmila fills no table');
  return {
    ...mesh,
    exports: gcsStore(exportsBucketOf(LOCAL_PROJECT), google),
    table,
    drive: folders.drive,
    logLines,
    async tickTo(outcome) {
      const report = await tickUntilIdle(mesh);
      if (report.outcome === outcome) return report;
      throw new Error(`the tick ended as ${report.outcome}, not ${outcome}: ${report.reason}`);
    },
    async fire() {
      const startMs = performance.now();
      const name = `projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/tick-${carmila.name}`;
      const { status } = await cloud.scheduler.run(name);
      if (status !== 200)
        throw new Error(`the tick answered ${status}: ${errors.at(-1) ?? 'no reason was logged'}`);
      return performance.now() - startMs;
    },
    close: () => cloud.close(),
  };
}

function unwatched(errors: readonly string[]): Display {
  return {
    log: () => undefined,
    steps: () => undefined,
    note: () => undefined,
    progress: '',
    get lastError() {
      return errors.at(-1);
    },
    close: () => undefined,
  };
}

const POLL_MS = 50;

/** Polls `check` until it gives something. Throws, by `what`, after `longestMs`. */
export async function until<T>(
  what: string,
  longestMs: number,
  check: () => Promise<T | undefined>,
): Promise<T> {
  const deadlineMs = performance.now() + longestMs;
  while (performance.now() < deadlineMs) {
    const observed = await check();
    if (observed !== undefined) return observed;
    await wait(POLL_MS);
  }
  throw new Error(`waited ${longestMs / 1000} s for ${what}, which did not come`);
}
