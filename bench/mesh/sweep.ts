// A sweep over a thousand idle pipelines: what it calls, and how long it takes beside its bare requests.
import { Readable } from 'node:stream';
import { sweepAll } from '../../functions/sweep-runs/sweep-all.ts';
import type { Storage } from '../../local/storage/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { toJson } from '../../shared/objects/json.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { PipelineState } from '../../shared/runs/state.ts';
import { stateObject, inputObject, outcomeObject, requestObject, runIdOf } from '../../shared/runs/names.ts';
import type { Bench } from '../measure.ts';
import { readObject } from './bare.ts';
import { callsDuring } from './calls.ts';
import { startMesh, type Mesh } from './start-mesh.ts';

const PIPELINES = 1000;
const RUNS = 10;
const REVISION = '3fa9c1d2'.repeat(8);
const AT_ONCE = 32;
const MOST_SECONDS = 10;

export const sweep: Bench = {
  name: 'sweep',
  about: `a sweep over ${PIPELINES} idle pipelines with ${RUNS} runs each`,
  async run({ folder, progress }) {
    const mesh = await startMesh(folder, { moving: false });
    try {
      const pipelines = Array.from({ length: PIPELINES }, (_, index) => ({
        pipeline: { ...mesh.pipeline, name: `pipeline-${index}` },
        jobs: NO_JOBS,
      }));
      progress(`making ${PIPELINES} pipelines with ${RUNS} runs each`);
      for (const { pipeline } of pipelines) await fill(mesh, pipeline.name);
      progress('sweeping');
      const startMs = performance.now();
      let swept: Awaited<ReturnType<typeof sweepAll>> = [];
      const calls = await callsDuring(async () => (swept = await sweepAll(pipelines, portsOf(mesh))));
      const seconds = (performance.now() - startMs) / 1000;
      const pushed = swept.filter(({ actions, problems }) => actions.length + problems.length > 0);
      if (pushed.length > 0) throw new Error(`an idle pipeline was pushed: ${JSON.stringify(pushed[0])}`);
      const names = pipelines.map(({ pipeline }) => pipeline.name);
      return [
        {
          name: 'calls per idle pipeline',
          value: (calls.storage + calls.other) / PIPELINES,
          unit: 'calls',
          goal: { most: 2, of: 'value' },
          note: `tokens and metadata: ${calls.metadata} in all`,
        },
        {
          name: 'the whole sweep',
          value: seconds,
          unit: 's',
          floor: { name: 'the same requests, bare', value: await bareSeconds(mesh, names) },
          goal: { most: MOST_SECONDS, of: 'value' },
        },
      ];
    } finally {
      await mesh.close();
    }
  },
};

const unasked = (): never => {
  throw new Error('an idle pipeline asked for something');
};
const NO_JOBS: JobRunner = { start: unasked, find: unasked, get: unasked, recent: unasked, cancel: unasked };

const portsOf = ({ runs, results }: Mesh) => ({
  runs,
  results,
  // None of these pipelines takes requests.
  requests: runs,
  runRequested: { publish: unasked },
  loadRequested: { publish: unasked },
  tidyRequested: { publish: unasked },
  overdueMs: 0,
  now: () => Date.now(),
  newId: unasked,
  log: createLog('sweep-runs', 'bench'),
});

/** A pipeline state that the sweep reads, and the records of ended runs, of which it reads the names alone. */
async function fill({ cloud, runs: { bucket } }: Mesh, pipeline: string): Promise<void> {
  const runs = Array.from({ length: RUNS }, (_, index) => runIdOf(index + 1, REVISION));
  const state: PipelineState = {
    token: 't',
    request: {
      pipeline,
      run: runs.at(-1) ?? '',
      sequence: RUNS,
      revision: REVISION,
      snapshot: [],
      requestedAt: new Date().toISOString(),
      nonce: null,
      cause: { kind: 'schedule', by: 'bench', reason: null },
    },
    revision: REVISION,
    poll: null,
    paused: null,
    stale: null,
  };
  const source = { bucket, name: stateObject(pipeline) };
  await insert(cloud.storage, source, toJson(state));
  for (const run of runs)
    for (const name of [requestObject, inputObject, outcomeObject].map((object) => object(pipeline, run)))
      cloud.storage.copy(
        { ...source, conditions: {} },
        { bucket, name, conditions: {}, mayOverwrite: unasked },
      );
}

const insert = (storage: Storage, object: { bucket: string; name: string }, text: string) =>
  storage.insert(
    { ...object, attributes: { contentType: 'application/json' }, conditions: {}, mayOverwrite: unasked },
    Readable.from([Buffer.from(text)]),
    () => undefined,
  );

async function bareSeconds({ cloud, runs: { bucket } }: Mesh, pipelines: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await Readable.from(pipelines)
    .map(
      async (pipeline: string) => {
        await readObject(cloud, bucket, stateObject(pipeline));
        const query = new URLSearchParams({ prefix: `${pipeline}/`, startOffset: `${pipeline}/000001` });
        const answer = await fetch(`${cloud.endpoint}/storage/v1/b/${bucket}/o?${query}`);
        await answer.json();
      },
      { concurrency: AT_ONCE },
    )
    .toArray();
  return (performance.now() - startMs) / 1000;
}
