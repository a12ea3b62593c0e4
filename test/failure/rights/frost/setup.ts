// The setup of the pipeline frost: a mesh over a bucket whose first publication is superseded by a second, and whose messages lie still.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_PROJECT, openMesh, REGION } from '../../../../cli/local-mesh.ts';
import { placeOf } from '../../../../cli/local-stack.ts';
import type { Cloud } from '../../../../local/cloud.ts';
import { exportsBucketOf, runsBucketOf } from '../../../../shared/deployment.ts';
import { SUBSCRIPTION_NAMES } from '../../../../shared/functions/subscriptions.ts';
import { bigqueryWarehouse } from '../../../../shared/google/bigquery.ts';
import { gcsStore } from '../../../../shared/google/storage.ts';
import { listRuns } from '../../../../shared/history/history.ts';
import { toJson } from '../../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';
import { loadPipelines, pipelineNamed } from '../../../../shared/pipelines/registry.ts';
import { pointerObject } from '../../../../shared/publications/names.ts';
import { readState } from '../../../../shared/runs/state.ts';
import { executionObject, leaseObject, outcomeObject, startedObject } from '../../../../shared/runs/names.ts';
import { readEntries } from '../../../../shared/warehouse/ledger-entries.ts';
import { until } from '../../../waiting.ts';
import { callOn, forgetMessages, objectsIn, OPERATOR, pushOn, type RightsSetup } from '../setup.ts';
import type { Tried } from '../trying.ts';

export const FROST = 'frost';
export const FROST_JOB = 'frost-measure';
export const BUCKET = placeOf(FROST);
export const PREFIX = 'daily/';
const TYPE = 'application/octet-stream';

type Shared = Pick<RightsSetup, 'published' | 'call' | 'edit' | 'submitted' | 'lease' | 'exists' | 'remove'>;

export interface FrostSetup extends Tried, Omit<Shared, 'edit'> {
  readonly mesh: {
    readonly cloud: Cloud;
    readonly runs: ObjectStore;
    readonly logLines: string[];
    fire(schedule: string): Promise<number>;
    logged(line: RegExp, since?: number): Promise<string>;
    until<T>(what: string, poll: () => Promise<T | undefined> | T | undefined): Promise<T>;
  };
  readonly source: ObjectStore;
  readonly exports: ObjectStore;
  readonly push: ReturnType<typeof pushOn>;
  /** The publication that the newest one superseded. */
  readonly superseded: string;
  /** Adds an object, so that a poll has something to ask for. */
  edit(): Promise<void>;
  requested(): Promise<string>;
  /** The pointer of the output `maps`, as an older entry left it. */
  setBackPointer(): Promise<void>;
  close(): Promise<void>;
}

export async function openFrost(): Promise<FrostSetup> {
  const root = mkdtempSync(join(tmpdir(), 'frost-'));
  const drive = join(root, 'drive');
  mkdirSync(drive);
  writeFileSync(join(drive, 'first.nc'), 'first');
  const logLines: string[] = [];
  const cloud = await openMesh(
    { data: join(root, 'data'), drive },
    {
      pipeline: FROST,
      config: {
        'frost:settleSeconds': '0',
        'sluice:overdueSeconds': '0',
        'sluice:minimumBackoff': '0s',
        'sluice:operators': `user:${OPERATOR}`,
      },
      onLog: ({ from, text }) => logLines.push(`${from}: ${text}`),
    },
  );
  await cloud.scheduler.stop();
  process.env['GCE_METADATA_HOST'] = new URL(cloud.endpoint).host;
  process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
  const setup = await publishedTwice(cloud, logLines);
  return {
    ...setup,
    async close() {
      await cloud.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The mesh as tests ask it, and the buckets that the owner reaches. */
function meshOn(cloud: Cloud, logLines: string[]) {
  const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const runs = gcsStore(runsBucketOf(LOCAL_PROJECT), config);
  const mesh: FrostSetup['mesh'] = {
    cloud,
    runs,
    logLines,
    fire: async (schedule) =>
      (await cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/${schedule}`)).status,
    logged: (line, since = 0) =>
      until(String(line), () => logLines.slice(since).find((text) => line.test(text))),
    until,
  };
  return {
    mesh,
    source: gcsStore(BUCKET, config),
    exports: gcsStore(exportsBucketOf(LOCAL_PROJECT), config),
    warehouse: bigqueryWarehouse({ ...config, WAREHOUSE_LOCATION: 'EU' }),
  };
}

type Opened = ReturnType<typeof meshOn>;

let edits = 0;
const edit = async ({ source }: Opened): Promise<void> =>
  void (await source.create(`${PREFIX}edit-${++edits}.nc`, `edit ${edits}`, TYPE));

/** Ticks, and gives the run that this led to and what the pointer says after it. */
async function publication({ mesh, exports }: Opened, count: number) {
  assert.equal(await mesh.fire(`tick-${FROST}`), 200);
  const run = await until(`publication ${count} of ${FROST}`, async () => {
    const all = await listRuns(mesh.runs, FROST, 10);
    const isOver = all.length === count && all[0]?.outcome !== undefined && mesh.cloud.pubsub.idle();
    return isOver ? all[0] : undefined;
  });
  assert.equal(run.status, 'published', `${run.outcome?.reason}\n${mesh.logLines.slice(-10).join('\n')}`);
  return { run: run.run, pointer: await textOf(exports, pointerObject(FROST, 'maps')) };
}

async function publishedTwice(cloud: Cloud, logLines: string[]): Promise<Omit<FrostSetup, 'close'>> {
  const opened = meshOn(cloud, logLines);
  const first = await publication(opened, 1);
  await edit(opened);
  const second = await publication(opened, 2);
  await cloud.pubsub.stop();
  const { mesh, exports, warehouse } = opened;
  const pipeline = pipelineNamed(loadPipelines(), FROST);
  return {
    ...opened,
    ...(await statesOn(opened, second.run)),
    call: callOn(mesh),
    push: pushOn(mesh),
    superseded: (JSON.parse(first.pointer) as { publication: string }).publication,
    setBackPointer: () => objectsIn(exports).write(pointerObject(FROST, 'maps'), first.pointer),
    whatIsPublished: () => readEntries(warehouse, pipeline),
  };
}

type States = 'published' | 'edit' | 'requested' | 'remove' | 'exists' | 'lease' | 'submitted' | 'reset';

/** The states that a piece of work finds. */
async function statesOn(opened: Opened, published: string): Promise<Pick<FrostSetup, States>> {
  const { mesh } = opened;
  const { runs, cloud } = mesh;
  const outcome = await textOf(runs, outcomeObject(FROST, published));
  const started = await textOf(runs, startedObject(FROST, published, 1));
  const { execution } = JSON.parse(started) as { execution: string };
  const { write, remove } = objectsIn(runs);
  const at = new Date().toISOString();
  const newest = async () => (await readState(runs, FROST))?.value.request?.run ?? published;
  const requested = async () => {
    await edit(opened);
    assert.equal(await mesh.fire(`tick-${FROST}`), 200);
    return newest();
  };
  return {
    published,
    edit: () => edit(opened),
    requested,
    remove,
    exists: async (name) => (await runs.info(name)) !== undefined,
    lease: (run, queued) =>
      write(leaseObject(FROST), toJson({ token: 'setup', holder: { run, attempt: 1, since: at }, queued })),
    async submitted() {
      const run = await requested();
      const key = { pipeline: FROST, run, attempt: 1, at };
      await write(executionObject(FROST, run, 1), toJson({ ...key, token: 'setup' }));
      await write(startedObject(FROST, run, 1), toJson({ ...key, execution }));
      return run;
    },
    async reset() {
      for (const { name, state } of cloud.jobs.executions()) if (state === 'running') cloud.jobs.cancel(name);
      await remove(leaseObject(FROST));
      await write(outcomeObject(FROST, published), outcome);
      const run = await newest();
      const ended = {
        pipeline: FROST,
        run,
        outcome: 'superseded',
        reason: 'set aside.',
        at,
        attempt: 0,
        rows: null,
      };
      if (run !== published) await runs.create(outcomeObject(FROST, run), toJson(ended), TYPE);
      forgetMessages(mesh, SUBSCRIPTION_NAMES);
    },
  };
}

async function textOf(store: ObjectStore, name: string): Promise<string> {
  const found = await store.readText(name, 1_000_000);
  assert.ok(found, `there is no ${name}`);
  return found.text;
}
