// What a prediction costs: one record at 500 requests a second, a thousand at once, the ceiling, memory, and swaps under load.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { COUNTERS } from '../../test/unit/bikes/sample-model.ts';
import { XgboostMissing } from '../../shared/xgboost/errors.ts';
import { hasProcFolder, peakMegabytes } from '../load/peak.ts';
import { medianOf, type Bench, type Measure, type Skipped } from '../measure.ts';
import { oneRow } from './one-row.ts';
import { realSizeModel } from './real-size.ts';
import { startServer, type ServerProcess } from './processes.ts';
import { ask, ceiling, openLoop, percentile, type Answered, type Target } from './requests.ts';

const RATE = 500;
const WARM_SECONDS = 5;
const STEADY_SECONDS = 30;
const CEILING_SECONDS = 5;
const AT_ONCE = 16;
const SWAP_SECONDS = 60;
const SWAP_EVERY_MS = 200;
const RECORDS = 1000;
const REPEATS = 30;

const record = (index: number) => ({
  nom_du_compteur: COUNTERS[index % COUNTERS.length]!.name,
  date_et_heure_de_comptage: `2021-05-${String((index % 28) + 1).padStart(2, '0')}T${String(index % 24).padStart(2, '0')}:00:00+02:00`,
});
const bodyOf = (records: number) =>
  JSON.stringify({ records: Array.from({ length: records }, (_none, index) => record(index)) });
const oneTo = (port: number): Target => ({ port, path: '/predict', body: bodyOf(1) });

export const serving: Bench = {
  name: 'serving',
  about: `a prediction over HTTP at ${RATE} requests/s, and swaps every ${SWAP_EVERY_MS} ms under that load`,
  async run({ folder, progress }) {
    progress('training two models');
    const trained = trainInto(folder);
    if (trained !== undefined) return trained;
    const bare = await startServer('bare');
    const server = await startServer('service', folder);
    try {
      progress('warming up');
      await openLoop(oneTo(bare.port), { perSecond: RATE, seconds: WARM_SECONDS }, () => undefined);
      await openLoop(oneTo(server.port), { perSecond: RATE, seconds: WARM_SECONDS }, refuseFailure);
      progress('one row, beside XGBoost');
      return [
        ...oneRow(),
        ...(await steady(server, bare, progress)),
        ...(await ceilings(server, bare, progress)),
        await many(server),
        ...(await swaps(server, progress)),
        ...(hasProcFolder() ? [memory(server, bare)] : []),
      ];
    } finally {
      await Promise.all([server.end(), bare.end()]);
    }
  },
};

function trainInto(folder: string): Skipped | undefined {
  try {
    for (const seed of [1, 2]) {
      const into = join(folder, `model-${seed}`);
      mkdirSync(into);
      const { descriptor, bytes } = realSizeModel(seed);
      writeFileSync(join(into, 'reg.json'), descriptor);
      for (const [name, content] of bytes) writeFileSync(join(into, name), content);
    }
    return undefined;
  } catch (error) {
    if (error instanceof XgboostMissing) return { skipped: 'XGBoost, which trains the model, is not here' };
    throw error;
  }
}

type Progress = (text: string) => void;

function refuseFailure({ status, text }: Answered): void {
  if (status !== 200) throw new Error(`the service answered ${status}: ${text}`);
}

async function steady(
  server: ServerProcess,
  bare: ServerProcess,
  progress: Progress,
): Promise<readonly Measure[]> {
  progress(`${RATE} requests/s for ${STEADY_SECONDS} s`);
  const load = { perSecond: RATE, seconds: STEADY_SECONDS };
  const [own, floor]: [number[], number[]] = [[], []];
  await openLoop(oneTo(bare.port), load, ({ ms }) => floor.push(ms));
  await openLoop(oneTo(server.port), load, (answer) => {
    refuseFailure(answer);
    own.push(answer.ms);
  });
  const name = 'a bare handler of the framework';
  return [
    {
      name: 'one record, p50',
      value: percentile(own, 0.5),
      unit: 'ms',
      floor: { name, value: percentile(floor, 0.5) },
    },
    {
      name: 'one record, p99',
      value: percentile(own, 0.99),
      unit: 'ms',
      floor: { name, value: percentile(floor, 0.99) },
      goal: { most: 5, of: 'value' },
      note: `open loop, ${RATE} requests/s, from the time at which each was due`,
    },
  ];
}

async function ceilings(
  server: ServerProcess,
  bare: ServerProcess,
  progress: Progress,
): Promise<readonly Measure[]> {
  progress(`as many as are answered, ${AT_ONCE} at once`);
  const floor = await ceiling(oneTo(bare.port), AT_ONCE, CEILING_SECONDS);
  const own = await ceiling(oneTo(server.port), AT_ONCE, CEILING_SECONDS);
  return [
    {
      name: 'one record at the ceiling',
      value: 1000 / own,
      unit: 'ms',
      floor: { name: `a bare handler, ${Math.round(floor)} requests/s`, value: 1000 / floor },
      note: `${Math.round(own)} requests/s, ${AT_ONCE} at once`,
    },
  ];
}

async function many({ port }: ServerProcess): Promise<Measure> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const answer = await ask({ port, path: '/predict', body: bodyOf(RECORDS) });
    refuseFailure(answer);
    times.push(answer.ms);
  }
  return {
    name: `${RECORDS} records in one request`,
    value: medianOf(times),
    unit: 'ms',
    note: `median of ${REPEATS}`,
  };
}

/** The two models answer differently, so an answer of one that states the other's version is found. */
async function swaps(server: ServerProcess, progress: Progress): Promise<readonly Measure[]> {
  progress(`a swap every ${SWAP_EVERY_MS} ms for ${SWAP_SECONDS} s`);
  const target = oneTo(server.port);
  const expected = new Map<string, string>();
  for (let model = 0; model < 2; model += 1) {
    if (!(await server.swap())) throw new Error('the model was not swapped');
    const { version, predictions } = partsOf((await ask(target)).text);
    expected.set(version, predictions);
  }
  const without = await p99At(target);
  const times: number[] = [];
  let [failed, mixed, swapped, isOver, reason] = [0, 0, 0, false, ''];
  const swapping = (async () => {
    while (!isOver) {
      const nextMs = performance.now() + SWAP_EVERY_MS;
      if (await server.swap()) swapped += 1;
      await wait(Math.max(0, nextMs - performance.now()));
    }
  })();
  await openLoop(target, { perSecond: RATE, seconds: SWAP_SECONDS }, ({ status, text, ms }) => {
    times.push(ms);
    if (status !== 200) [failed, reason] = [failed + 1, `${status} ${text}`.slice(0, 200)];
    else if (isMixed(expected, text)) mixed += 1;
  });
  isOver = true;
  await swapping;
  const none = { most: 0, of: 'value' } as const;
  const note = `${times.length} requests, ${swapped} swaps`;
  return [
    {
      name: 'one record under swaps, p99',
      value: percentile(times, 0.99),
      unit: 'ms',
      floor: { name: 'without swaps', value: without },
      note,
    },
    {
      name: 'failed under swaps',
      value: failed,
      unit: 'calls',
      goal: none,
      ...(failed > 0 ? { note: reason } : {}),
    },
    { name: 'answered by two versions', value: mixed, unit: 'calls', goal: none },
  ];
}

async function p99At(target: Target): Promise<number> {
  const times: number[] = [];
  await openLoop(target, { perSecond: RATE, seconds: STEADY_SECONDS / 3 }, ({ ms }) => times.push(ms));
  return percentile(times, 0.99);
}

function isMixed(expected: ReadonlyMap<string, string>, text: string): boolean {
  const { version, predictions } = partsOf(text);
  return expected.get(version) !== predictions;
}

function partsOf(text: string): { readonly version: string; readonly predictions: string } {
  const { model, predictions } = JSON.parse(text) as {
    model: { version: string };
    predictions: readonly number[];
  };
  return { version: model.version, predictions: JSON.stringify(predictions) };
}

const memory = (server: ServerProcess, bare: ServerProcess): Measure => ({
  name: 'peak memory, of all of it',
  value: peakMegabytes(server.pid),
  unit: 'MB',
  floor: { name: 'a bare handler of the framework', value: peakMegabytes(bare.pid) },
});
