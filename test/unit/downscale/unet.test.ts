// The U-Net on generated fields: better than interpolation, the same bytes twice, within its bound of work.
import assert from 'node:assert/strict';
import test from 'node:test';
import { predictKept, trainingOf } from '../../../models/downscale/downscaler.ts';
import { between } from '../../../models/downscale/field.ts';
import { residualByHour } from '../../../models/downscale/residual-by-hour.ts';
import { openKernel } from '../../../models/downscale/unet/kernel.ts';
import { unet, USUAL } from '../../../models/downscale/unet/unet.ts';
import { COVER, differenceOf, generatedFields } from './generated-fields.ts';

const makeKernel = await openKernel();
const LEARNT = 240;
const all = generatedFields(LEARNT + 72);
const whole = trainingOf(all, COVER);
const training = trainingOf(between(all, 0, LEARNT), COVER);
const truth = between(all, LEARNT, LEARNT + 72);
const coarse = between(whole.coarse, LEARNT, LEARNT + 72);

test('its error is less than half of that of interpolation with the residual by hour', () => {
  const base = predictKept(residualByHour.learn(training), training, coarse);
  const learnt = unet(makeKernel).learn(training);
  const predicted = predictKept(learnt, training, coarse);
  const [before, after] = [base, predicted].map(({ values }) => differenceOf(values, truth.values));
  assert.ok(after! < before! / 2, `${after}, before ${before}`);
  assert.equal(learnt.samples, USUAL.epochs * LEARNT);
});

test('the same training gives the same bytes, and another seed gives other weights', () => {
  const weightsOf = (seed: number) => unet(makeKernel, { ...USUAL, epochs: 1, seed }).learn(training).weights;
  const weights = weightsOf(1);
  assert.deepEqual(weightsOf(1), weights);
  assert.notDeepEqual(weightsOf(2), weights);
});

test('where the work is bounded, fewer samples are learned', () => {
  const { samples } = unet(makeKernel, { ...USUAL, mostWork: 1e8 }).learn(training);
  assert.ok(samples > 0 && samples < LEARNT, String(samples));
});

test('a layer of the ground without values does no harm', () => {
  const known = trainingOf(between(all, 0, LEARNT), COVER, [new Float32Array(9 * 12).fill(NaN)]);
  assert.ok(
    unet(makeKernel, { ...USUAL, epochs: 1 })
      .learn(known)
      .weights.every(Number.isFinite),
  );
});
