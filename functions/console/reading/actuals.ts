// What runs have cost: the seconds that their executions took, as their objects record them, at the list prices of jobs.
import { concurrently } from '../../../shared/concurrently.ts';
import type { ObjectInfo } from '../../../shared/objects/store.ts';
import {
  isWatch,
  type Pipeline,
  type RequestsPipeline,
  type WatchPipeline,
} from '../../../shared/pipelines/pipeline.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import { costOf, type Size } from '../../../shared/requests/prices.ts';
import { isWatchRun } from '../../../shared/runs/names.ts';
import { readState } from '../../../shared/runs/state.ts';
import type { Ports } from '../ports.ts';
import { Parts, type Part } from './part.ts';

export interface Actual {
  /** Null where only the dispatch remembers it. */
  readonly run: string | null;
  readonly attempt: number | null;
  readonly endedAt: string;
  /** From the start of the execution to what it wrote last. */
  readonly seconds: number;
  /** Dollars. */
  readonly cost: number;
}

export interface ActualsOf {
  readonly pipeline: string;
  readonly size: { readonly cpu: number; readonly memory: string };
  /** Newest first. */
  readonly executions: Part<readonly Actual[]>;
}

/** So many runs back. */
const RUNS = 20;
/** A run has about ten objects, one that was replayed often has more. */
const MOST_OBJECTS = 2_000;
const AT_ONCE = 8;
/** More pipelines than this are on the next page. */
export const PIPELINES_A_PAGE = 20;

export function readActuals(pipelines: readonly Pipeline[], ports: Ports): Promise<readonly ActualsOf[]> {
  const parts = new Parts(ports);
  return concurrently(pipelines, AT_ONCE, async (pipeline) => {
    const { name, job } = pipeline;
    const executions = await parts.read(`what ${name} has cost`, () =>
      isWatch(pipeline) ? ofWatch(pipeline, ports) : ofRequests(pipeline as RequestsPipeline, ports),
    );
    return { pipeline: name, size: { cpu: job.cpu, memory: job.memory }, executions };
  });
}

/** Three calls: the state, and the newest runs in the bucket of runs and in that of results. */
async function ofWatch({ name, job }: WatchPipeline, { runs, results }: Ports): Promise<readonly Actual[]> {
  const newest = (await readState(runs, name))?.value.request;
  if (newest === undefined || newest === null) return [];
  const first = `${name}/${String(Math.max(1, newest.sequence - RUNS + 1)).padStart(6, '0')}`;
  const [steps, outputs] = await Promise.all(
    [runs, results].map((store) => store.first(`${name}/`, MOST_OBJECTS, first)),
  );
  return executionsIn(steps ?? [], outputs ?? [], job);
}

const STARTED = /\/(\d{6}-[0-9a-f]{8})\/execution-(\d+)-started\.json$/;
const ENDED = /\/(\d{6}-[0-9a-f]{8})\/outcome\.json$/;
const WRITTEN = /\/(\d{6}-[0-9a-f]{8})\/attempt-(\d+)\/output\.json$/;

/**
 * An execution ends with its manifest; one that wrote none, where the next one began, or its run ended. Pure.
 */
export function executionsIn(
  steps: readonly ObjectInfo[],
  outputs: readonly ObjectInfo[],
  size: Size,
): readonly Actual[] {
  const timesOf = (objects: readonly ObjectInfo[], form: RegExp) =>
    new Map(
      objects.flatMap(({ name, createdAtMs }) => {
        const [, run, attempt = ''] = form.exec(name) ?? [];
        return run === undefined || !isWatchRun(run) ? [] : [[`${run} ${attempt}`, createdAtMs] as const];
      }),
    );
  const [started, ended, written] = [
    timesOf(steps, STARTED),
    timesOf(steps, ENDED),
    timesOf(outputs, WRITTEN),
  ];
  return [...started]
    .flatMap(([key, startMs]): Actual[] => {
      const [run = '', attempt = ''] = key.split(' ');
      const next = started.get(`${run} ${Number(attempt) + 1}`);
      const endMs = written.get(key) ?? next ?? ended.get(`${run} `);
      if (endMs === undefined) return [];
      const seconds = Math.max(0, endMs - startMs) / 1000;
      const endedAt = new Date(endMs).toISOString();
      return [{ run, attempt: Number(attempt), endedAt, seconds, cost: costOf(size, seconds) }];
    })
    .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1));
}

/** Two calls: the newest decision remembers the finished runs that estimates are made of. */
async function ofRequests({ name, job }: RequestsPipeline, { requests }: Ports): Promise<readonly Actual[]> {
  return finishedIn(await newestDecision(requests, name), job);
}

export const finishedIn = (state: DispatchState | undefined, size: Size): readonly Actual[] =>
  (state?.history ?? [])
    .map(({ seconds, endedAt }): Actual => ({
      ...{ run: null, attempt: null, endedAt, seconds },
      cost: costOf(size, seconds),
    }))
    .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1))
    .slice(0, RUNS);
