// One attempt of the job on buckets in memory, with a training that learns nothing but means.
import { createHash } from 'node:crypto';
import type { LoadedModel, ModelFiles } from '../../../models/bikes/model.ts';
import { descriptor, TASKS, type Descriptor, type Task } from '../../../models/bikes/bundle.ts';
import { COLUMNS } from '../../../models/bikes/features.ts';
import { learn } from '../../../models/bikes/learnt.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { train, type TrainPorts } from '../../../jobs/train-bikes/train.ts';
import type { Champions, TrainedModel } from '../../../jobs/train-bikes/trained.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { PublishedObjects } from '../../../shared/outputs/published.ts';

export const RUN = '000001-3fa9c1d2';
export const ATTEMPT = { pipeline: 'bikes', run: RUN, attempt: 1 };
export const FOLDER = `bikes/${RUN}/attempt-1/`;
export const FROZEN_AT = '2021-08-10T06:00:00.000Z';

export interface Source {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The bucket of runs with the files as start-run freezes them. */
export async function frozen(
  sources: readonly Source[],
  champions: readonly PublishedObjects[] = [],
): Promise<MemoryStore> {
  const runs = new MemoryStore('runs');
  const files = [];
  for (const [index, { name, bytes }] of sources.entries()) {
    const object = `bikes/${RUN}/input/counts-${index}`;
    await runs.create(object, bytes, 'application/octet-stream');
    const md5 = createHash('md5').update(bytes).digest('base64');
    files.push({ role: 'counts', name, object, sizeBytes: bytes.length, md5 });
  }
  const of = { pipeline: 'bikes', run: RUN, revision: 'r', frozenAt: FROZEN_AT, champions };
  const manifest = { ...of, files, notes: ['2 files match no role.'] };
  await runs.create(`bikes/${RUN}/input.json`, JSON.stringify(manifest), 'application/json');
  return runs;
}

const METRICS = { logRmse: 0.4, mae: 15, f1: 0.8 };

/** A model of means, as its file and its descriptor. */
export function trainedMeans(task: Task, observations: Observations): TrainedModel {
  const upTo = Math.max(...observations.hour) + 1;
  const bytes = Buffer.from(`means up to ${upTo}`);
  const file = `${task}-gbt.ubj`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const of = { sizeBytes: bytes.length, sha256, metrics: METRICS };
  return {
    task,
    descriptor: {
      format: 1,
      task,
      best: 'gbt',
      columns: COLUMNS.map(({ name }) => name),
      candidates: [
        { kind: 'rf', recipe: 'rf: forest', file, ...of, metrics: { ...METRICS, logRmse: 0.5 } },
        { kind: 'gbt', recipe: 'gbt: means', file, ...of },
      ],
      naive: { lastWeek: { logRmse: 0.6 } },
      examples: [{ kind: 'gbt', features: COLUMNS.map(() => null), expected: 0 }],
      learnt: learn(observations, upTo),
      threshold: 0.5,
    },
    files: [{ name: file, bytes }],
  };
}

/** Answers the mean of the counter, and of a class always `forte`. */
export function loadMeans({ descriptor: bytes }: ModelFiles): LoadedModel {
  const described: Descriptor = descriptor.parse(JSON.parse(Buffer.from(bytes).toString()));
  const means = new Map(described.learnt.counters.map(({ name, mean }) => [name, mean]));
  return {
    kinds: [],
    descriptor: described,
    answer: (_kind, asked) =>
      asked.map(({ place }) => ({
        prediction: described.task === 'reg' ? means.get(place.name)! : 1,
        warnings: [],
      })),
  };
}

export interface Attempted extends TrainPorts {
  readonly runs: MemoryStore;
  readonly results: MemoryStore;
  readonly warnings: string[];
  /** What training was given. */
  readonly given: Champions[];
}

export function portsOf(runs: MemoryStore, changed: Partial<TrainPorts> = {}): Attempted {
  const warnings: string[] = [];
  const given: Champions[] = [];
  return {
    exports: undefined,
    trainModels: async (observations, champions, progress) => {
      given.push(champions);
      progress(1, 1, 'origin');
      return TASKS.map((task) => ({
        ...trainedMeans(task, observations),
        ...(champions[task] === undefined
          ? {}
          : { champion: { recipe: 'gbt: older', metrics: { logRmse: 0.41 } } }),
      }));
    },
    loadModel: loadMeans,
    reportPages: ({ metrics }) => [{ name: 'report.html', page: `<p>${metrics.rows}</p>` }],
    clock: () => new Date('2021-08-10T07:00:00Z'),
    log: { info: () => undefined, warn: (_fields, message) => warnings.push(message) },
    ...changed,
    runs,
    results: new MemoryStore('results'),
    warnings,
    given,
  };
}

export const attempted = (ports: TrainPorts) => train(ports, ATTEMPT);

export const jsonIn = async (store: MemoryStore, object: string): Promise<Record<string, unknown>> =>
  JSON.parse((await store.readText(object, 1e8))?.text ?? 'null') as Record<string, unknown>;

/** Publishes a model of means that was trained on these observations. */
export async function publishedChampion(
  exports: MemoryStore,
  observations: Observations,
  task: Task = 'reg',
): Promise<PublishedObjects> {
  const publication = 'bikes-000000-aaaaaaaa';
  const { descriptor: described, files } = trainedMeans(task, observations);
  const text = JSON.stringify({ ...described, trainedAt: '2021-08-01T00:00:00.000Z' });
  const written = [];
  for (const { name, bytes } of [...files, { name: `${task}.json`, bytes: Buffer.from(text) }]) {
    const object = `bikes/${task}/${publication}/attempt-1/${name}`;
    await exports.create(object, Buffer.from(bytes), 'application/octet-stream');
    const { generation, crc32c, sizeBytes, contentType } = (await exports.info(object))!;
    written.push({ name, object, generation, crc32c, sizeBytes, contentType });
  }
  return { kind: 'model', output: task, publication, run: '000000-aaaaaaaa', files: written, pinned: false };
}
