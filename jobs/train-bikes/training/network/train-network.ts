// Trains one network for both tasks: what the count is helps to learn whether it is above the mean.
import { TASKS, type Task } from '../../../../models/bikes/bundle.ts';
import { COLUMNS } from '../../../../models/bikes/features.ts';
import { encodeNetwork, layoutOf, rowsOf, type NetworkInput } from '../../../../models/bikes/network.ts';
import { probabilityOf } from '../metrics.ts';
import type { NetworkRecipe } from '../recipes.ts';
import type { Samples } from '../samples.ts';
import { Adam } from './adam.ts';
import { Gradient, type Slopes, type Trainee } from './gradient.ts';
import { normalOf, randomOf, shuffle } from './random.ts';

/** Columns that enter as categories, and how many each has; months are counted from 1. */
const CATEGORIES: readonly Readonly<Record<string, number | 'counters'>>[] = [
  { counter: 'counters' },
  { hour: 24, weekday: 7 },
  { month: 13 },
  { schoolHoliday: 6 },
];
const QUANTITIES = ['usual', 'recent', 'aboveMean'];

/** Embeddings begin small: a category that is seldom seen stays near to none. */
const EMBEDDING_SPREAD = 0.1;
/** The class's loss is smaller by nature, and weighs as much. */
const CLASS_WEIGHT = 0.5;

/** The networks as files, by task. The same samples and recipe give the same bytes. */
export function trainNetwork(
  recipe: NetworkRecipe,
  samples: Samples,
  counters: number,
): Readonly<Record<Task, Uint8Array>> {
  const random = randomOf(recipe.seed);
  const inputs = inputsOf(samples, counters);
  const layout = layoutOf({ inputs, hidden: recipe.hidden }, TASKS.length);
  const weights = new Float32Array(layout.length);
  const trainee: Trainee = { columns: COLUMNS.length, inputs, hidden: recipe.hidden, layout, weights };
  begin(trainee, random);
  const learnt = { ...trainee, weights: descend(trainee, samples, recipe, random) };
  return { reg: fileOf(learnt, 0), class: fileOf(learnt, 1) };
}

function inputsOf({ features, rows }: Samples, counters: number): readonly NetworkInput[] {
  const columnOf = (name: string): number => COLUMNS.findIndex((column) => column.name === name);
  const categories = CATEGORIES.map((sizes): NetworkInput => {
    const columns = Object.keys(sizes).map(columnOf);
    return {
      kind: 'categories',
      columns,
      sizes: Object.values(sizes).map((size) => (size === 'counters' ? counters : size)),
    };
  });
  const quantities = QUANTITIES.map((name): NetworkInput => {
    const column = columnOf(name);
    let [sum, squares] = [0, 0];
    for (let row = 0; row < rows; row += 1) {
      const value = features[row * COLUMNS.length + column]!;
      sum += value;
      squares += value * value;
    }
    const mean = sum / rows;
    return {
      kind: 'quantity',
      column,
      mean,
      scale: Math.sqrt(Math.max(1e-6, squares / rows - mean * mean)),
    };
  });
  return [...categories, ...quantities];
}

function begin({ inputs, hidden, layout, weights }: Trainee, random: () => number): void {
  const fill = (from: number, count: number, spread: number): void => {
    for (let at = from; at < from + count; at += 1) weights[at] = spread * normalOf(random);
  };
  inputs.forEach((one, index) => {
    fill(layout.inputs[index]!, rowsOf(one) * hidden[0], one.kind === 'quantity' ? 0.5 : EMBEDDING_SPREAD);
  });
  fill(layout.second, hidden[0] * hidden[1], Math.sqrt(2 / hidden[0]));
  fill(layout.last, hidden[1] * TASKS.length, Math.sqrt(1 / hidden[1]) / 2);
}

/** The rate falls along half a cosine, to nothing at the last step. */
function descend(
  trainee: Trainee,
  { features, rows, labels }: Samples,
  { epochs, batch, rate, keep }: NetworkRecipe,
  random: () => number,
): Float32Array {
  const adam = new Adam(trainee.weights, keep);
  const gradient = new Gradient(trainee);
  const slopes: Slopes = (outputs, row) => {
    outputs[0]! -= labels.reg[row]!;
    outputs[1] = CLASS_WEIGHT * (probabilityOf(outputs[1]!) - labels.class[row]!);
  };
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const steps = Math.ceil(rows / batch) * epochs;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    for (let start = 0; start < rows; start += batch) {
      const end = Math.min(rows, start + batch);
      for (let at = start; at < end; at += 1) gradient.add(features, order[at]!, slopes, 1 / (end - start));
      adam.step(gradient.values, (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2);
      step += 1;
    }
  }
  return adam.kept();
}

/** The network with the output of one task alone. */
function fileOf({ columns, inputs, hidden, layout, weights }: Trainee, output: number): Uint8Array {
  const own = new Float32Array(layoutOf({ inputs, hidden }).length);
  own.set(weights.subarray(0, layout.last));
  for (let unit = 0; unit < hidden[1]; unit += 1)
    own[layout.last + unit] = weights[layout.last + unit * TASKS.length + output]!;
  own[layout.last + hidden[1]] = weights[layout.lastBias + output]!;
  return encodeNetwork({ columns, inputs, hidden, weights: own });
}
