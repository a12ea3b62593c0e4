// Starts the mesh of a test: one mesh over temporary folders, and what a test asks of it.
import { BigQuery } from '@google-cloud/bigquery';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOCAL_PROJECT, openMesh, REGION, type MeshOptions } from '../../cli/local-mesh.ts';
import type { Cloud } from '../../local/cloud.ts';
import { tickUntilIdle, type WatchedMesh, type Report } from '../../cli/idle.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { readRun, readStatus, type RunHistory } from '../../shared/history/history.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { RunOutcome } from '../../shared/runs/outcome.ts';
import type { Display } from '../../cli/display.ts';
import { until } from '../waiting.ts';
import { deliveries, interfering } from './deliveries.ts';
import { functionsFor } from './warm-functions.ts';

/** A Drive folder's files by name; a name may hold a path, such as `.duplicates/1/Transco.xlsx`. */
export type Folder = Readonly<Record<string, Buffer>>;
export type Row = Readonly<Record<string, unknown>>;

export const TABLE = '`carmila_data.predictions_carmila`';
export const LEDGER = '`sluice.publications`';
export const NO_LIBRARY = '/no/such/libxgboost.so';
const POLL_MS = 50;

export interface RunningMesh extends WatchedMesh {
  readonly folders: { readonly data: string; readonly drive: string };
  /** Every line that a function or a job has printed. */
  readonly logLines: string[];
  /** Waits for a line like this, from the `since`th on: a function's answer may overtake what it printed. */
  logged(line: RegExp, since?: number): Promise<string>;
  /** Makes the Drive folder hold exactly these files; a file that stays as it was is not touched. */
  put(folder: Folder): void;
  /** Fires the tick, and waits until nothing moves. */
  tick(): Promise<Report>;
  /** Fires a schedule once, and gives the status that its function answered. */
  fire(schedule: 'tick-carmila' | 'sweep'): Promise<number>;
  /** Asks the warehouse, through the real client. */
  query(sql: string): Promise<readonly Row[]>;
  /** The published rows in order, as text, to compare with. */
  published(): Promise<string>;
  /** The runs of the ledger, oldest first. */
  ledger(): Promise<readonly string[]>;
  newestRun(): Promise<RunHistory>;
  /** Sweeps whenever nothing moves, until the newest run has ended, and gives its outcome. */
  swept(): Promise<RunOutcome>;
  /** Waits until `poll` gives something, as every test waits. */
  until<T>(what: string, poll: () => Promise<T | undefined> | T | undefined): Promise<T>;
  close(): Promise<void>;
}

export type StartOptions = MeshOptions & {
  /** For a test whose subject are the messages themselves, each of them: delivered once, whatever the mode. */
  readonly countsMessages?: true;
  /** For a test that sends what the framework cannot parse: it prints the parser's error, object and all. */
  readonly sendsGarbage?: true;
};

const CONFIG = {
  'carmila:settleSeconds': '0',
  'sluice:overdueSeconds': '0',
  // The mesh is under test, not the forecast: the seasonal baseline takes a moment, XGBoost its time.
  'carmila:xgboostLibrary': NO_LIBRARY,
  'forecast-what-if:xgboostLibrary': NO_LIBRARY,
};
const SCHEDULES = `projects/${LOCAL_PROJECT}/locations/${REGION}/jobs`;

const linesOf = (rows: readonly Row[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

/** Opens a mesh that moves only when a test fires a schedule: its schedules stand still. The folder `kept` outlives it. */
export async function startMesh(options: StartOptions = {}, kept?: string): Promise<RunningMesh> {
  const mode = options.countsMessages === true ? 'once' : deliveries;
  const root = kept ?? mkdtempSync(join(tmpdir(), 'mesh-'));
  const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
  mkdirSync(folders.drive, { recursive: true });
  const logLines: string[] = [];
  const config = { ...CONFIG, ...options.config };
  const functions = functionsFor(folders.data);
  let struck = 0;
  const cloud = await openMesh(folders, {
    ...options,
    ...functions.options,
    interference: interfering(mode, options.interference, () => struck++),
    config,
    onLog: ({ from, text }) => logLines.push(`${from}: ${text}`),
  });
  await cloud.scheduler.stop();
  beOperatorOf(cloud);
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const runs = gcsStore(runsBucketOf(LOCAL_PROJECT), google);
  const bigquery = new BigQuery({ projectId: LOCAL_PROJECT, location: 'EU', apiEndpoint: cloud.endpoint });
  const query = async (sql: string) => (await bigquery.query({ query: sql }))[0] as Row[];
  const mesh: WatchedMesh = {
    cloud,
    pipeline: carmila,
    runs,
    results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
    display: quiet(logLines),
    signal: new AbortController().signal,
  };
  const fire = async (schedule: 'tick-carmila' | 'sweep') =>
    (await cloud.scheduler.run(`${SCHEDULES}/${schedule}`)).status;
  // Where no event arrives, sweeps are what moves the mesh.
  const sweep = mode === 'never' ? () => fire('sweep') : () => Promise.resolve();
  const newestRun = readWhenChanged(cloud, () => readNewestRun(runs));
  const isStill = () =>
    cloud.pubsub.idle() && !cloud.jobs.executions().some(({ state }) => state === 'running');
  return {
    ...mesh,
    folders,
    logLines,
    put: (folder) => fill(folders.drive, folder),
    tick: () => sweeping(sweep, () => tickUntilIdle(mesh)),
    fire,
    query,
    published: async () => linesOf(await query(`SELECT * FROM ${TABLE} ORDER BY nom_mall, date`)),
    async ledger() {
      return (await query(`SELECT run FROM ${LEDGER} ORDER BY ordinal`)).map(({ run }) => String(run));
    },
    newestRun,
    swept: () =>
      until('the outcome', async () => {
        const { outcome } = await newestRun();
        if (outcome === undefined && isStill()) await fire('sweep');
        return outcome;
      }),
    logged: (line, since = 0) =>
      until(String(line), () => logLines.slice(since).find((text) => line.test(text)), sweep),
    until: (what, poll) => until(what, poll, sweep),
    async close() {
      await functions.close(cloud);
      if (kept === undefined) rmSync(root, { recursive: true, force: true });
      assert.ok(mode === 'once' || struck > 0, `no message met "${mode}", so the test shows nothing`);
      const foreign = options.sendsGarbage === true ? [] : logLines.filter(isForeign);
      assert.deepEqual(foreign, [], 'a library or Node printed what the mesh did not');
    },
  };
}

/** Google's own authentication finds the tokens of this process at the operator's address. */
function beOperatorOf({ endpoint }: Cloud): void {
  Object.assign(process.env, {
    GCE_METADATA_HOST: new URL(endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
}

async function readNewestRun(runs: ObjectStore): Promise<RunHistory> {
  const { newest } = await readStatus(runs, carmila.name);
  const run = newest && (await readRun(runs, carmila.name, newest.run));
  assert.ok(run, 'there is no run');
  return run;
}

/** Reads again only after a change in the cloud: a run's records are a dozen calls, and most polls find them as they were. */
function readWhenChanged<T>(cloud: Cloud, read: () => Promise<T>): () => Promise<T> {
  let known: { readonly changes: number; readonly value: T } | undefined;
  return async () => {
    const changes = cloud.changes();
    if (known?.changes !== changes) known = { changes, value: await read() };
    return known.value;
  };
}

/**
 * The mesh prints lines of its log, the local cloud its own in brackets or about an agent, and the functions framework
 * what a function throws. Anything else, such as a warning of a library or of Node, has a cause to be removed.
 */
export const isForeign = (line: string): boolean =>
  !/^[a-z0-9-]+: (\{.*\}$|\(.*\)$|[A-Za-z]*Error: | +at |\S+@\S+ does not have )/.test(line);

/** Sweeps again and again until the work is done. */
export async function sweeping<T>(sweep: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let done = false;
  const sweeps = async () => {
    while (!done) {
      await sweep();
      await wait(POLL_MS);
    }
  };
  const [worked] = await Promise.all([work().finally(() => (done = true)), sweeps()]);
  return worked;
}

function fill(drive: string, folder: Folder): void {
  for (const name of readdirSync(drive, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    if (name.isFile() && !(path.slice(drive.length + 1) in folder)) rmSync(path);
  }
  for (const [name, bytes] of Object.entries(folder)) {
    const path = join(drive, name);
    mkdirSync(dirname(path), { recursive: true });
    if (!sameBytes(path, bytes)) writeFileSync(path, bytes);
  }
}

function sameBytes(path: string, bytes: Buffer): boolean {
  try {
    return readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

/** Shows nothing; only the last error is kept, as the report of a refused tick quotes it. */
export function quiet(logLines: readonly string[]): Display {
  return {
    log: () => undefined,
    steps: () => undefined,
    note: () => undefined,
    progress: '',
    get lastError() {
      return logLines.findLast((line) => line.includes('"ERROR"'));
    },
    close: () => undefined,
  };
}
