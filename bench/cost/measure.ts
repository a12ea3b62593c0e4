// Measures what a tick, a sweep and a change make the mesh do, on the local cloud with the real clients.
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOCAL_PROJECT, localStack } from '../../cli/local-mesh.ts';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { writeSample } from '../../local/sample/sample.ts';
import { resultsBucketOf, runsBucketOf, trainingCacheBucketOf } from '../../shared/deployment.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import { readStatus } from '../../shared/history/history.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { medianOf } from '../measure.ts';
import { startMesh, until, type Mesh } from '../mesh/start-mesh.ts';
import { ALONE, MEASURED_STACK } from './measured-stack.ts';
import type { Measured, Work } from './measured.ts';
import { pointsOf } from './points.ts';
import { watch, type Callers } from './watch.ts';

const STARTS = 5;
// The folder of one day, and of the next: a day of visitors more.
const SAMPLE = { today: '2025-06-20', seed: 1 };
const NEXT_DAY = { today: '2025-06-21', seed: 1 };
const LONGEST_RUN_MS = 5 * 60_000;
// From the event of a finished execution to the end of its sweep.
const LONGEST_IDLE_WAIT_MS = 60_000;
const LAST_LINE_MS = 500;
const LEAST_TABLE_BYTES = 10 * 1024 * 1024;

export async function measure(progress: (text: string) => void): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    const mesh = await startMesh(folder, { config: MEASURED_STACK });
    try {
      return await measureMesh(mesh, progress);
    } finally {
      await mesh.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureMesh(mesh: Mesh, progress: (text: string) => void): Promise<Measured> {
  const plan = await planResources({
    config: { ...localStack(mesh.pipeline.name), ...ALONE },
    functionUrl: mesh.cloud.functionUrl,
  });
  const callers = await callersOf(plan, mesh);
  const during = (work: () => Promise<unknown>) => workDuring({ mesh, plan, callers }, work);
  progress('running the mesh once');
  await writeSample(mesh.drive, SAMPLE);
  await mesh.tickTo('published');
  progress('ticking and sweeping, without a change');
  coldly(mesh, callers);
  const tick = await during(() => mesh.fire());
  coldly(mesh, callers);
  const sweep = await during(() => fireSweep(mesh));
  progress('running the mesh on a day more');
  const since = new Date();
  await writeSample(mesh.drive, NEXT_DAY);
  coldly(mesh, callers);
  const change = await during(() => publish(mesh));
  return {
    on: since.toISOString().slice(0, 10),
    command: 'npm run cost -- --measure',
    machine: `${cpus().length} processors, Node ${process.version}`,
    folder: 'the sample: twelve sites, three and a half years',
    startCpuSeconds: startsOf(plan, progress),
    tick,
    sweep,
    change,
    objects: await objectsSince(mesh, since),
    tableBytes: await tableBytes(mesh),
  };
}

/** Which port belongs to whom: each identity of the plan has one. */
async function callersOf(plan: readonly PlannedResource[], { cloud }: Mesh): Promise<Callers> {
  const billed = plan.flatMap(({ type, name, inputs }): [string, string][] => {
    if (type === 'gcp:cloudfunctionsv2/function:Function')
      return [[name, (inputs.serviceConfig as { serviceAccountEmail: string }).serviceAccountEmail]];
    if (type !== 'gcp:cloudrunv2/job:Job') return [];
    const { template } = inputs.template as { template: { serviceAccount: string } };
    return [['job', template.serviceAccount]];
  });
  const ports = billed.map(async ([name, email]): Promise<[number, string]> => {
    const { GOOGLE_API_ENDPOINT = '' } = await cloud.envOf(email);
    return [Number(new URL(GOOGLE_API_ENDPOINT).port), name];
  });
  return new Map(await Promise.all(ports));
}

/** As after an hour without a request: the next one waits for a new instance. */
function coldly({ cloud }: Mesh, callers: Callers): void {
  for (const name of callers.values()) if (name !== 'job') cloud.functions.kill(name);
}

async function fireSweep({ cloud }: Mesh): Promise<void> {
  const { status } = await cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/europe-west1/jobs/sweep`);
  if (status !== 200) throw new Error(`the sweep answered ${status}`);
}

/** A tick and what follows from it, with no sweep but the one that the execution event starts. */
async function publish(mesh: Mesh): Promise<void> {
  await mesh.fire();
  const { newest } = await readStatus(mesh.runs, mesh.pipeline.name);
  if (newest === undefined) throw new Error('the tick requested no run');
  const { outcome, reason } = await until('the end of the run', LONGEST_RUN_MS, () =>
    readOutcome(mesh.runs, mesh.pipeline.name, newest.run),
  );
  if (outcome !== 'published') throw new Error(`the run ended as ${outcome}: ${reason}`);
}

interface Watching {
  readonly mesh: Mesh;
  readonly plan: readonly PlannedResource[];
  readonly callers: Callers;
}

async function workDuring({ mesh, plan, callers }: Watching, work: () => Promise<unknown>): Promise<Work> {
  const [executions, linesBefore, queries] = [
    executionsOf(mesh),
    mesh.logLines.length,
    await queriesOf(mesh),
  ];
  const spans = spansOf(mesh, callers);
  const stop = watch(callers);
  await work();
  await until('every delivery to end', LONGEST_IDLE_WAIT_MS, () =>
    Promise.resolve(mesh.cloud.pubsub.idle() || undefined),
  );
  // An answer may overtake what its function printed.
  await wait(LAST_LINE_MS);
  const { jobCalls, functions, messages } = stop();
  const ran = executionsOf(mesh).filter(({ name }) => executions.every((before) => before.name !== name));
  // The local cloud puts its own lines in brackets.
  const lines = mesh.logLines.slice(linesBefore).filter(({ text }) => !text.startsWith('('));
  const asked = (await queriesOf(mesh)).filter(({ id }) => queries.every((before) => before.id !== id));
  return {
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, { seconds, ...observed }]) => [
        name,
        { ...observed, seconds: rounded(seconds) },
      ]),
    ),
    job: {
      executions: ran.length,
      seconds: Math.ceil(ran.reduce((sum, { seconds }) => sum + seconds, 0)),
      calls: jobCalls,
    },
    messages,
    queriedBytes: asked.reduce((sum, { sql }) => sum + tablesNamed(sql), 0) * LEAST_TABLE_BYTES,
    logBytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0),
    spans: spansOf(mesh, callers) - spans,
    points: pointsOf(
      plan,
      lines.filter(({ from }) => from in functions).map(({ text }) => text),
    ),
  };
}

/** Every execution there has been, and its seconds. */
const executionsOf = ({ cloud }: Mesh): readonly { name: string; seconds: number }[] =>
  cloud.jobs.executions().map(({ name, startTime = '', completionTime = '' }) => ({
    name,
    seconds: (Date.parse(completionTime) - Date.parse(startTime)) / 1000,
  }));

/** The spans of every function's and job's traces that there have been. */
const spansOf = ({ cloud, pipeline }: Mesh, callers: Callers): number =>
  [...callers.values()]
    .map((name) => (name === 'job' ? pipeline.job.image : name))
    .reduce((sum, component) => sum + cloud.traces.count(component), 0);

const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;

const bigqueryOf = ({ cloud }: Mesh) =>
  new BigQuery({ projectId: LOCAL_PROJECT, location: 'EU', apiEndpoint: cloud.endpoint });

async function queriesOf(mesh: Mesh): Promise<readonly { id: string; sql: string }[]> {
  const [jobs] = await bigqueryOf(mesh).getJobs({ projection: 'full', allUsers: true });
  return jobs.map(({ id = '', metadata }) => {
    const { configuration } = metadata as { configuration?: { query?: { query: string } } };
    return { id, sql: configuration?.query?.query ?? '' };
  });
}

/** How often a query names a table, each time in backticks: `project.dataset.table` or `dataset.table`. */
const tablesNamed = (sql: string): number => sql.match(/`[\w-]+(\.[\w-]+){1,2}`/g)?.length ?? 0;

async function tableBytes(mesh: Mesh): Promise<number> {
  const bigquery = bigqueryOf(mesh);
  let bytes = 0;
  for (const { table } of tablesOf(mesh.pipeline)) {
    const query = `SELECT * FROM \`${table.dataset}.${table.table}\``;
    const [job] = await bigquery.createQueryJob({ query, dryRun: true });
    const { statistics } = job.metadata as { statistics: { totalBytesProcessed: string } };
    bytes += Number(statistics.totalBytesProcessed);
  }
  if (bytes > LEAST_TABLE_BYTES)
    throw new RangeError(`tables of ${bytes} bytes bill by more than their names`);
  return bytes;
}

async function objectsSince({ cloud }: Mesh, since: Date): Promise<Measured['objects']> {
  const storage = new Storage({ projectId: LOCAL_PROJECT, apiEndpoint: cloud.endpoint });
  const buckets = {
    runs: runsBucketOf,
    results: resultsBucketOf,
    'training-cache': trainingCacheBucketOf,
  } as const;
  const objects: Measured['objects'] = [];
  for (const [bucket, nameOf] of Object.entries(buckets) as [keyof typeof buckets, typeof runsBucketOf][]) {
    const [files] = await storage.bucket(nameOf(LOCAL_PROJECT)).getFiles();
    for (const { name, metadata } of files) {
      if (Date.parse(metadata.timeCreated ?? '') < since.getTime()) continue;
      objects.push({ bucket, name, bytes: Number(metadata.size) });
    }
  }
  return objects;
}

/** A function's entry in a process of its own, without the host around it: what it imports and makes. */
function startsOf(
  plan: readonly PlannedResource[],
  progress: (text: string) => void,
): Record<string, number> {
  const functions = plan.filter(({ type }) => type === 'gcp:cloudfunctionsv2/function:Function');
  return Object.fromEntries(
    functions.map(({ name, inputs }) => {
      progress(`starting ${name} ${STARTS} times`);
      const { environmentVariables } = inputs.serviceConfig as { environmentVariables: NodeJS.ProcessEnv };
      const entry = new URL(`../../functions/${name}/index.ts`, import.meta.url).href;
      const script = `await import('${entry}'); const { user, system } = process.cpuUsage();
        process.stdout.write(String((user + system) / 1e6)); process.exit(0);`;
      const env = { PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none', ...environmentVariables };
      const words = ['--input-type=module', '--eval', script];
      const start = () => Number(execFileSync(process.execPath, words, { env, encoding: 'utf8' }));
      return [name, rounded(medianOf(Array.from({ length: STARTS }, start)))];
    }),
  );
}
