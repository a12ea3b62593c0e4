// The neural network: its file, its answers, and its gradient beside the slope of the loss.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gradient, type Trainee } from '../../../jobs/train-bikes/training/network/gradient.ts';
import { normalOf, randomOf } from '../../../jobs/train-bikes/training/network/random.ts';
import {
  encodeNetwork,
  layoutOf,
  parseNetwork,
  predictNetwork,
  type Network,
  type NetworkInput,
} from '../../../models/bikes/network.ts';

const inputs: readonly NetworkInput[] = [
  { kind: 'categories', columns: [0], sizes: [3] },
  { kind: 'categories', columns: [1, 0], sizes: [2, 3] },
  { kind: 'quantity', column: 2, mean: 1, scale: 2 },
];
const hidden: readonly [number, number] = [5, 4];
const weightsOf = (length: number): Float32Array => {
  const random = randomOf(3);
  return Float32Array.from({ length }, () => normalOf(random));
};
const network: Network = {
  columns: 3,
  inputs,
  hidden,
  weights: weightsOf(layoutOf({ inputs, hidden }).length),
};
const rows = Float32Array.of(0, 0, 1, 2, 1, 7, 1, 1, -4);
const rewritten = (change: (written: Record<string, unknown>) => unknown): Uint8Array => {
  const written = JSON.parse(new TextDecoder().decode(encodeNetwork(network))) as Record<string, unknown>;
  return new TextEncoder().encode(JSON.stringify(change(written)));
};

describe('a network', () => {
  it('answers alike after it was written and read', () => {
    const read = parseNetwork(encodeNetwork(network));
    assert.deepEqual(predictNetwork(read, rows, 3), predictNetwork(network, rows, 3));
    assert.equal(new Set(predictNetwork(network, rows, 3)).size, 3);
  });

  it('answers a row the same alone and among others', () => {
    assert.equal(predictNetwork(network, rows.subarray(3, 6), 1)[0], predictNetwork(network, rows, 3)[1]);
  });

  it('answers a number for a category it does not have, and for a value that is not known', () => {
    const odd = Float32Array.of(99, -1, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
    const [one, other] = predictNetwork(network, odd, 2);
    assert.ok(Number.isFinite(one));
    assert.equal(one, other);
  });

  it('refuses what is no network', () => {
    const cut = encodeNetwork(network);
    for (let length = 0; length < cut.length - 2; length += 17)
      assert.throws(() => parseNetwork(cut.subarray(0, length)), `${length} bytes`);
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, format: 2 }))), /format/);
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, columns: 2 }))), /column 2 of 2/);
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, hidden: [5, 5] }))), /bytes of weights/);
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, hidden: [1024, 1e9] }))), /hidden/);
    const manyRows = { kind: 'categories', columns: [0, 1], sizes: [65_536, 65_536] };
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, inputs: [manyRows] }))), /at most/);
    const unequal = { kind: 'categories', columns: [0, 1], sizes: [3] };
    assert.throws(() => parseNetwork(rewritten((all) => ({ ...all, inputs: [unequal] }))), /sizes/);
    const infinite = {
      ...network,
      weights: network.weights.map((weight, at) => (at === 9 ? Infinity : weight)),
    };
    assert.throws(() => parseNetwork(encodeNetwork(infinite)), /weight 9/);
  });
});

describe('the gradient', () => {
  const layout = layoutOf({ inputs, hidden }, 2);
  const trainee: Trainee = { columns: 3, inputs, hidden, layout, weights: weightsOf(layout.length) };
  const wanted = [0.5, -2];
  const lossWith = (at: number, moved: number): number => {
    const before = trainee.weights[at]!;
    trainee.weights[at] = before + moved;
    let loss = 0;
    new Gradient(trainee).add(
      rows,
      1,
      (outputs) => {
        loss = wanted.reduce((sum, value, output) => sum + (outputs[output]! - value) ** 2 / 2, 0);
      },
      1,
    );
    trainee.weights[at] = before;
    return loss;
  };

  it('is the slope of the loss at every weight', () => {
    const gradient = new Gradient(trainee);
    gradient.add(rows, 1, (outputs) => wanted.forEach((value, output) => (outputs[output]! -= value)), 1);
    let moving = 0;
    for (let at = 0; at < layout.length; at += 1) {
      const slope = (lossWith(at, 1 / 1024) - lossWith(at, -1 / 1024)) * 512;
      const tolerance = 0.02 * Math.max(1, Math.abs(slope));
      assert.ok(Math.abs(gradient.values[at]! - slope) < tolerance, `weight ${at}`);
      moving += Number(slope !== 0);
    }
    assert.ok(moving > layout.length / 4, `${moving} weights matter`);
  });
});
