// A U-Net that learns, from whole fields, what ridge regression lacks.
import {
  numbersCheckpoint,
  predictKept,
  type Downscaler,
  type Learnt,
  type Training,
} from '../downscaler.ts';
import { cellsOf, type Fields } from '../field.ts';
import { crossFitted } from '../cross-fitted.ts';
import { ridge } from '../ridge.ts';
import { Canvas } from './canvas.ts';
import { inputMaker, type InputMaker } from './inputs.ts';
import type { KernelMaker } from './kernel.ts';
import { Network } from './network.ts';
import { seededRandom } from './random.ts';
import { train, type UnetSettings } from './train.ts';

export const USUAL: UnetSettings = { channels: 8, epochs: 12, mostWork: 6e10, rate: 3e-3, seed: 1 };
/** Four times as many multiplications for each sample; on the shared sample its error is a little less. */
export const WIDE: UnetSettings = { ...USUAL, channels: 16, mostWork: 3e11, rate: 2e-3 };

export interface LearntUnet extends Learnt {
  /** In the sequence of `Network`. */
  readonly weights: Float32Array;
  readonly samples: number;
}

export interface UnetDownscaler extends Downscaler {
  learn(training: Training): LearntUnet;
}

export const unet = (makeKernel: KernelMaker, settings: UnetSettings = USUAL): UnetDownscaler => ({
  name: 'U-Net',
  learn(training) {
    const base = ridge.learn(training);
    // What ridge regression lacks on times that it has learned is less than what it will lack.
    const predicted = crossFitted(ridge, training);
    const maker = inputMaker(training, predicted);
    const canvas = new Canvas(training, maker.count);
    const { channels, seed } = settings;
    const network = new Network(makeKernel, { ...canvas.size, channels, inputs: maker.count });
    const random = seededRandom(seed);
    network.initialise(random);
    const { targets, scale } = targetsOf(training, predicted, canvas);
    const inputs = maker.of(training.coarse, predicted);
    const samples = train(network, canvas, inputs, targets, { settings, random });
    const weights = network.weights.slice();
    return {
      weights,
      checkpoint: numbersCheckpoint(weights),
      samples,
      predict: (coarse) => add(predictKept(base, training, coarse), scale, network, canvas, maker, coarse),
    };
  },
});

/** What the base lacks, less the means of blocks, in units of its root mean square. */
function targetsOf({ fine }: Training, base: Fields, canvas: Canvas) {
  const cells = cellsOf(fine);
  const values = fine.values.map((value, at) => value - base.values[at]!);
  for (let time = 0; time < fine.hours.length; time++)
    canvas.withoutMeans(values.subarray(time * cells, (time + 1) * cells));
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  const scale = Math.sqrt(squares / Math.max(1, values.length)) || 1;
  return { targets: { ...fine, values: values.map((value) => value / scale) }, scale };
}

function add(
  base: Fields,
  scale: number,
  network: Network,
  canvas: Canvas,
  maker: InputMaker,
  coarse: Fields,
): Fields {
  const inputs = maker.of(coarse, base);
  const cells = cellsOf(base);
  const output = new Float32Array(cells);
  coarse.hours.forEach((_, time) => {
    canvas.run(network, inputs, time, output);
    for (let cell = 0; cell < cells; cell++) base.values[time * cells + cell]! += scale * output[cell]!;
  });
  return base;
}
