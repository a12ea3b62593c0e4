// The U-Net's gradients against differences of its loss, its steps, and that the same seed gives the same bytes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { openKernel } from '../../../models/downscale/unet/kernel.ts';
import { Network } from '../../../models/downscale/unet/network.ts';
import { seededRandom } from '../../../models/downscale/unet/random.ts';

const SHAPE = { rows: 8, width: 16, inputs: 3, channels: 4 };
const makeKernel = await openKernel();

/** A network with random weights, inputs and a target; the loss is half the sum of squared errors. */
function randomNetwork(seed: number) {
  const random = seededRandom(seed);
  const network = new Network(makeKernel, SHAPE);
  network.initialise(random);
  // The last layer and the biases begin with 0, where a wrong gradient could hide.
  network.weights.forEach((value, at, all) => (all[at] = value === 0 ? random() - 0.5 : value));
  for (let row = 0; row < SHAPE.rows; row++)
    for (let channel = 0; channel < SHAPE.inputs; channel++)
      network.inputRow(channel, row).set(Float32Array.from({ length: SHAPE.width }, () => 2 * random() - 1));
  const target = Array.from({ length: SHAPE.rows }, () =>
    Float32Array.from({ length: SHAPE.width }, () => 2 * random() - 1),
  );
  return { network, target };
}

function lossOf(network: Network, target: readonly Float32Array[]): number {
  network.forward();
  let sum = 0;
  target.forEach((row, at) =>
    network.outputRow(at).forEach((value, column) => {
      sum += (value - row[column]!) ** 2 / 2;
      network.outputGradientRow(at)[column] = value - row[column]!;
    }),
  );
  return sum;
}

test('the gradients are those of the loss, in every layer', () => {
  const { network, target } = randomNetwork(7);
  lossOf(network, target);
  network.backward();
  const gradients = network.gradients.slice();
  const [random, step] = [seededRandom(3), 2e-3];
  let checked = 0;
  for (let number = 0; number < 400; number++) {
    const at = Math.floor(random() * gradients.length);
    const before = network.weights[at]!;
    const lossAt = (value: number) => {
      network.weights[at] = value;
      return lossOf(network, target);
    };
    const [low, middle, high] = [lossAt(before - step), lossAt(before), lossAt(before + step)];
    network.weights[at] = before;
    // Where a value changes its sign in between, the loss has a corner.
    if (Math.abs(high - 2 * middle + low) > 0.02 * Math.abs(high - low) + 1e-4) continue;
    const slope = (high - low) / (2 * step);
    const apart = Math.abs(slope - gradients[at]!);
    assert.ok(apart < 0.03 * Math.abs(slope) + 0.05, `weight ${at}: ${slope}, found ${gradients[at]}`);
    checked++;
  }
  assert.ok(checked > 250, `${checked} weights checked`);
});

test('gradients of two samples are added, and a step clears them', () => {
  const { network, target } = randomNetwork(1);
  const once = (() => {
    lossOf(network, target);
    network.backward();
    return network.gradients.slice();
  })();
  lossOf(network, target);
  network.backward();
  once.forEach((value, at) =>
    assert.ok(Math.abs(network.gradients[at]! - 2 * value) <= 1e-5 * Math.abs(value) + 1e-5),
  );
  network.step(1e-3);
  assert.ok(network.gradients.every((value) => value === 0));
});

test('training fits a target, and the same seed gives the same bytes', () => {
  const trained = () => {
    const { network, target } = randomNetwork(5);
    const first = lossOf(network, target);
    for (let step = 0; step < 300; step++) {
      lossOf(network, target);
      network.backward();
      network.step(3e-3);
    }
    return { share: lossOf(network, target) / first, weights: network.weights.slice() };
  };
  const [one, other] = [trained(), trained()];
  assert.ok(one.share < 0.02, `the loss fell to ${one.share} of what it was`);
  assert.deepEqual(one.weights, other.weights);
  // On every processor: a change of the kernel or of its compiler shows here.
  assert.equal(createHash('sha256').update(one.weights).digest('hex').slice(0, 16), '387c3e1d2d46f9d5');
});
