// A small neural network: embeddings of categories and a few numbers, two hidden layers, one number out.
import { z } from 'zod';

/** Categories of one or more columns, as one: the value of the last column counts fastest. */
const categories = z.object({
  kind: z.literal('categories'),
  columns: z.array(z.int().min(0).max(1023)).min(1).max(4).readonly(),
  /** How many categories each column has; a value outside of them adds nothing. */
  sizes: z.array(z.int().min(1).max(65_536)).min(1).max(4).readonly(),
});

/** Enters as (value - mean) / scale; a value that is not known enters as the mean. */
const quantity = z.object({
  kind: z.literal('quantity'),
  column: z.int().min(0).max(1023),
  mean: z.number(),
  scale: z.number().positive(),
});

const input = z.discriminatedUnion('kind', [categories, quantity]);
export type NetworkInput = z.infer<typeof input>;

const file = z.object({
  format: z.literal(1),
  /** Of a row. */
  columns: z.int().min(1).max(1024),
  inputs: z.array(input).min(1).max(64).readonly(),
  /** The units of the two hidden layers. */
  hidden: z.tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)]).readonly(),
  /** Base64 of little-endian 4-byte floats, in the order of `layoutOf`. */
  weights: z.string(),
});

export interface Network {
  readonly columns: number;
  readonly inputs: readonly NetworkInput[];
  readonly hidden: readonly [number, number];
  readonly weights: Float32Array;
}

/** Where each part begins in the weights. */
export interface Layout {
  /** By input: a row of the first layer's units for each category, or one for a quantity. */
  readonly inputs: readonly number[];
  readonly firstBias: number;
  /** A row of the second layer's units for each unit of the first. */
  readonly second: number;
  readonly secondBias: number;
  readonly last: number;
  readonly lastBias: number;
  readonly length: number;
}

const MOST_WEIGHTS = 4_000_000;

export const rowsOf = (one: NetworkInput): number =>
  one.kind === 'quantity' ? 1 : one.sizes.reduce((product, size) => product * size, 1);

/** `outputs`: while it is trained, a network may have several. */
export function layoutOf({ inputs, hidden }: Pick<Network, 'inputs' | 'hidden'>, outputs = 1): Layout {
  const [first, second] = hidden;
  let at = 0;
  const take = (count: number): number => {
    const from = at;
    at += count;
    return from;
  };
  return {
    inputs: inputs.map((one) => take(rowsOf(one) * first)),
    firstBias: take(first),
    second: take(first * second),
    secondBias: take(second),
    last: take(second * outputs),
    lastBias: take(outputs),
    length: at,
  };
}

/** Throws an `Error` for bytes that are no network. */
export function parseNetwork(bytes: Uint8Array): Network {
  const read = file.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  if (!read.success) {
    const [first] = read.error.issues;
    throw new Error(`the network has the wrong form: ${first?.path.join('.')}: ${first?.message}`);
  }
  const { columns, inputs, hidden } = read.data;
  refuseMisfit(columns, inputs);
  const { length } = layoutOf({ inputs, hidden });
  if (length > MOST_WEIGHTS) throw new Error(`the network has ${length} weights; at most ${MOST_WEIGHTS}`);
  return { columns, inputs, hidden, weights: weightsOf(read.data.weights, length) };
}

function refuseMisfit(columns: number, inputs: readonly NetworkInput[]): void {
  for (const one of inputs) {
    const read = one.kind === 'quantity' ? [one.column] : one.columns;
    if (read.some((column) => column >= columns))
      throw new Error(`the network reads column ${Math.max(...read)} of ${columns}`);
    if (one.kind === 'categories' && one.sizes.length !== one.columns.length)
      throw new Error(`the network has ${one.sizes.length} sizes for ${one.columns.length} columns`);
  }
}

function weightsOf(text: string, length: number): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== length * 4)
    throw new Error(`the network has ${bytes.length} bytes of weights; expected ${length * 4}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const weights = new Float32Array(length);
  for (let at = 0; at < length; at += 1) {
    weights[at] = view.getFloat32(at * 4, true);
    if (!Number.isFinite(weights[at])) throw new Error(`weight ${at} of the network is no number`);
  }
  return weights;
}

export function encodeNetwork({ columns, inputs, hidden, weights }: Network): Uint8Array {
  const bytes = new Uint8Array(weights.length * 4);
  const view = new DataView(bytes.buffer);
  weights.forEach((weight, at) => {
    view.setFloat32(at * 4, weight, true);
  });
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const written = { format: 1, columns, inputs, hidden, weights: btoa(letters) };
  return new TextEncoder().encode(`${JSON.stringify(written)}\n`);
}

/** The category of a row, or -1 if one of its columns has none. */
export function categoryOf(
  columns: readonly number[],
  sizes: readonly number[],
  rows: Float32Array,
  at: number,
): number {
  let category = 0;
  for (let index = 0; index < columns.length; index += 1) {
    const value = rows[at + columns[index]!]!;
    const size = sizes[index]!;
    if (!(value >= 0 && value < size)) return -1;
    category = category * size + Math.floor(value);
  }
  return category;
}

/** One number for each row of `network.columns` features. */
export function predictNetwork(network: Network, rows: Float32Array, count: number): Float64Array {
  const { columns, hidden, weights } = network;
  const layout = layoutOf(network);
  const first = new Float64Array(hidden[0]);
  const second = new Float64Array(hidden[1]);
  const results = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    enter(network, layout, rows, row * columns, first);
    for (let to = 0; to < second.length; to += 1) second[to] = weights[layout.secondBias + to]!;
    for (let from = 0; from < first.length; from += 1) {
      const value = first[from]!;
      if (value <= 0) continue;
      const at = layout.second + from * second.length;
      for (let to = 0; to < second.length; to += 1) second[to]! += value * weights[at + to]!;
    }
    let sum = weights[layout.lastBias]!;
    for (let from = 0; from < second.length; from += 1)
      sum += Math.max(0, second[from]!) * weights[layout.last + from]!;
    results[row] = sum;
  }
  return results;
}

/** Sums what the inputs of a row add to the first layer. */
function enter(
  { inputs, weights }: Network,
  layout: Layout,
  rows: Float32Array,
  at: number,
  first: Float64Array,
): void {
  const units = first.length;
  for (let unit = 0; unit < units; unit += 1) first[unit] = weights[layout.firstBias + unit]!;
  for (let index = 0; index < inputs.length; index += 1) {
    const one = inputs[index]!;
    let start = layout.inputs[index]!;
    let factor = 1;
    if (one.kind === 'quantity') {
      const value = rows[at + one.column]!;
      factor = Number.isNaN(value) ? 0 : (value - one.mean) / one.scale;
    } else {
      const category = categoryOf(one.columns, one.sizes, rows, at);
      if (category === -1) continue;
      start += category * units;
    }
    for (let unit = 0; unit < units; unit += 1) first[unit]! += factor * weights[start + unit]!;
  }
}
