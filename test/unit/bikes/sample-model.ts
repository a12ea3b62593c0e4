// A small model over generated counts, trained by the installed XGBoost: the files of one attempt, and how they are published.
import { createHash } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import {
  descriptorName,
  modelName,
  type Descriptor,
  type Kind,
  type Task,
} from '../../../models/bikes/bundle.ts';
import { COLUMNS, fillFeatures, targetOf } from '../../../models/bikes/features.ts';
import { learn, type Learnt } from '../../../models/bikes/learnt.ts';
import type { ModelFiles } from '../../../models/bikes/model.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { localTimeOf } from '../../../models/bikes/paris.ts';
import { encodeNetwork, layoutOf, type Network } from '../../../models/bikes/network.ts';
import { parsingPredictor } from '../../../models/bikes/predictors.ts';
import { finished } from '../../../models/bikes/steps.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { PublishedFile } from '../../../shared/outputs/published.ts';
import { exportFolder, pointerObject } from '../../../shared/publications/names.ts';
import type { Pointer } from '../../../shared/publications/pointer.ts';
import { register } from '../../../shared/publications/register.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { seeded } from './trained.ts';

export const COUNTERS = [
  { name: '152 boulevard du Montparnasse E-O', latitude: 48.8407, longitude: 2.3331 },
  { name: "36 quai de l'Hôtel de Ville NO-SE", latitude: 48.8561, longitude: 2.3505 },
  { name: '90 Rue De Sèvres NE-SO', latitude: 48.8478, longitude: 2.3199 },
  { name: 'Totem 73 boulevard de Sébastopol S-N', latitude: 48.8637, longitude: 2.3501 },
];
const HOURS = 24 * 28;
export const UP_TO = Math.floor(Date.UTC(2021, 3, 1) / 3_600_000) + HOURS;

/** `COUNTERS`, and so many more that there are `count`. */
const countersOf = (count: number): Observations['counters'] =>
  Array.from(
    { length: count },
    (_none, index) =>
      COUNTERS[index] ?? {
        name: `${index} rue Numéro ${index}`,
        latitude: 48.8 + index / 1000,
        longitude: 2.3,
      },
  );

/** Counts with a day, a week and some noise. */
export function sampleObservations(seed: number, counters = COUNTERS.length, hours = HOURS): Observations {
  const random = seeded(seed);
  const rows = counters * hours;
  const first = UP_TO - hours;
  const counter = new Uint16Array(rows);
  const hour = new Int32Array(rows);
  const count = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    counter[row] = Math.floor(row / hours);
    hour[row] = first + (row % hours);
    const local = localTimeOf(hour[row]!);
    const day = 1 + Math.sin(((local.hour - 9) / 24) * 2 * Math.PI);
    count[row] = Math.round(
      (counter[row]! + 1) * 20 * day * (local.weekday > 4 ? 0.6 : 1) * (0.8 + 0.4 * random()),
    );
  }
  return { counters: countersOf(counters), counter, hour, count };
}

export interface SampleFiles extends ModelFiles {
  readonly described: Descriptor;
}

export interface Wanted {
  readonly task: Task;
  /** Another seed gives another model. */
  readonly seed?: number;
  readonly rounds?: number;
  readonly depth?: number;
  readonly counters?: number;
  readonly hours?: number;
  /** Of each kind. */
  readonly examples?: number;
  /** In place of what follows from `rounds` and `depth`. */
  readonly recipes?: Readonly<Record<'gbt' | 'rf', SampleRecipe>>;
}

interface SampleRecipe {
  readonly rounds: number;
  readonly booster: Readonly<Record<string, string | number>>;
}

const smallRecipes = (rounds: number, depth: number): Readonly<Record<'gbt' | 'rf', SampleRecipe>> => ({
  gbt: { rounds, booster: { max_depth: depth, eta: 0.2 } },
  rf: { rounds: 1, booster: { max_depth: depth, eta: 1, num_parallel_tree: rounds, subsample: 0.7 } },
});

export function sampleModel({
  task,
  seed = 1,
  rounds = 20,
  depth = 4,
  counters,
  hours,
  examples = 1,
  recipes = smallRecipes(rounds, depth),
}: Wanted): SampleFiles {
  const observations = sampleObservations(seed, counters, hours);
  const learnt = learn(observations, UP_TO);
  const features = featuresOf(observations, learnt);
  const objective = task === 'reg' ? 'reg:squarederror' : 'binary:logistic';
  const bytes = new Map(
    (['gbt', 'rf'] as const).map((kind) => [modelName(task, kind), trainOn(recipes[kind])] as const),
  );
  bytes.set(modelName(task, 'nn'), encodeNetwork(sampleNetwork(seed)));
  const described = descriptorOf(task, learnt, features.subarray(0, COLUMNS.length * examples), bytes);
  return { described, descriptor: Buffer.from(JSON.stringify(described)), bytes };

  function trainOn({ booster: settings, rounds: trees }: SampleRecipe): Uint8Array {
    const parameters = { tree_method: 'hist', nthread: 1, ...settings, seed, objective };
    const library = openXgboost(process.env['XGBOOST_LIBRARY']);
    const labels = labelsOf(observations, learnt, task);
    const rows = labels.length;
    const types = COLUMNS.map(({ type }) => type);
    using matrix = library.matrix({
      values: features,
      rows,
      columns: COLUMNS.length,
      labels,
      featureTypes: types,
    });
    using booster = library.booster(matrix, parameters);
    booster.train(matrix, 0, trees);
    return booster.save();
  }
}

/** A network that nothing trained: what it answers is little, and a number. */
function sampleNetwork(seed: number): Network {
  const random = seeded(seed);
  const inputs = [
    { kind: 'categories', columns: [0], sizes: [COUNTERS.length] },
    { kind: 'quantity', column: 1, mean: 12, scale: 7 },
  ] as const;
  const hidden = [8, 4] as const;
  const { length } = layoutOf({ inputs, hidden });
  const weights = Float32Array.from({ length }, () => random() / 10 - 0.05);
  return { columns: COLUMNS.length, inputs, hidden, weights };
}

function featuresOf({ counter, hour }: Observations, learnt: Learnt): Float32Array {
  const features = new Float32Array(hour.length * COLUMNS.length);
  for (let row = 0; row < hour.length; row += 1)
    fillFeatures(learnt, { counter: counter[row]!, hour: hour[row]! }, features, row * COLUMNS.length);
  return features;
}

const labelsOf = ({ counter, hour, count }: Observations, learnt: Learnt, task: Task): Float32Array =>
  count.map((value, row) => {
    const question = { counter: counter[row]!, hour: hour[row]! };
    if (task === 'reg') return targetOf(learnt, question, value);
    return value > learnt.counters[question.counter]!.mean ? 1 : 0;
  });

function descriptorOf(
  task: Task,
  learnt: Learnt,
  examples: Float32Array,
  bytes: ReadonlyMap<string, Uint8Array>,
): Descriptor {
  const kinds: readonly Kind[] = ['gbt', 'rf', 'nn'];
  const content = (kind: Kind) => bytes.get(modelName(task, kind))!;
  const rows = Array.from({ length: examples.length / COLUMNS.length }, (_none, row) =>
    examples.slice(row * COLUMNS.length, (row + 1) * COLUMNS.length),
  );
  // The forest has the better mean error or accuracy, boosting the better of the metric that decides; the network neither.
  const metricsOf = (index: number): Readonly<Record<string, number>> =>
    task === 'reg'
      ? { logRmse: [0.4, 0.41, 0.5][index]!, mae: [15, 14, 20][index]!, r2: index < 2 ? 0.88 : 0.7 }
      : { f1: [0.88, 0.87, 0.5][index]!, accuracy: [0.89, 0.9, 0.6][index]! };
  return {
    format: 1,
    task,
    best: 'gbt',
    columns: COLUMNS.map(({ name }) => name),
    candidates: kinds.map((kind, index) => ({
      kind,
      recipe: `${kind} of a test`,
      file: modelName(task, kind),
      sizeBytes: content(kind).length,
      sha256: createHash('sha256').update(content(kind)).digest('hex'),
      metrics: metricsOf(index),
    })),
    naive: { mean: { logRmse: 0.45 } },
    examples: kinds.flatMap((kind) => {
      const predictor = finished(parsingPredictor(kind, content(kind)));
      return rows.map((row) => ({
        kind,
        features: [...row].map((value) => (Number.isNaN(value) ? null : value)),
        expected: predictor.predict(row, 1)[0]!,
      }));
    }),
    learnt,
    threshold: 0.5,
    trainedAt: '2021-08-10T00:00:00.000Z',
  };
}

const PIPELINE = 'bikes';

/** Writes the files, the entry of the register and the pointer, as publish-output would. Returns the publication's name. */
export async function publishSample(
  exports: ObjectStore,
  files: ModelFiles,
  {
    task,
    ordinal,
    pinned = false,
  }: { readonly task: Task; readonly ordinal: number; readonly pinned?: boolean },
): Promise<string> {
  const run = `${String(ordinal).padStart(6, '0')}-0123abcd`;
  const key = { pipeline: PIPELINE, publication: `bikes-${run}`, attempt: 1 };
  const published: PublishedFile[] = [];
  const all = new Map([[descriptorName(task), files.descriptor], ...files.bytes]);
  for (const [name, content] of all) {
    const object = `${exportFolder(key, task)}${name}`;
    await exports.create(object, Buffer.from(content), 'application/octet-stream');
    const { generation = '', crc32c: sum = '', sizeBytes = 0 } = (await exports.info(object)) ?? {};
    published.push({
      name,
      object,
      generation,
      crc32c: sum,
      sizeBytes,
      contentType: 'application/octet-stream',
    });
  }
  const metrics: Readonly<Record<string, number>> = task === 'reg' ? { logRmse: 0.4 } : { f1: 0.88 };
  const result = { name: task, recipe: 'gbt of a test', metrics, champion: null };
  const trainedAt = '2021-08-10T00:00:00.000Z';
  await register(exports, { ...key, run, trainedAt, result, files: published });
  await movePointerTo(exports, {
    ...{ kind: 'model', output: task, publication: key.publication, run, files: published, pinned },
    ...{ pipeline: PIPELINE, ordinal, token: String(ordinal) },
  });
  return key.publication;
}

/** Moves the pointer, whatever it shows. */
export async function movePointerTo(exports: ObjectStore, pointer: Pointer): Promise<void> {
  const object = pointerObject(pointer.pipeline, pointer.output);
  const stands = await exports.info(object);
  await exports.replace(object, stands?.generation ?? '0', JSON.stringify(pointer), 'application/json');
}

/** Base64 of the big-endian checksum, as Cloud Storage writes it. */
export function checksumOf(content: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(Buffer.from(content)));
  return sum.toString('base64');
}
