// The downscaling of a generated field with known truth: better than interpolation, exact in its means, the same twice.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bicubic } from '../../../models/downscale/bicubic.ts';
import { blockMeans } from '../../../models/downscale/blocks.ts';
import { downscale } from '../../../models/downscale/downscale.ts';
import { predictKept, trainingOf, type Downscaler } from '../../../models/downscale/downscaler.ts';
import { between } from '../../../models/downscale/field.ts';
import { gaussianProcess } from '../../../models/downscale/gaussian-process.ts';
import { ridge } from '../../../models/downscale/ridge.ts';
import { COVER, differenceOf, generatedFields, withNoise } from './generated-fields.ts';

const LEARNT = 240;
const all = generatedFields(LEARNT + 72);
const whole = trainingOf(all, COVER);
const fine = between(all, 0, LEARNT);
const truth = between(all, LEARNT, LEARNT + 72);
const coarse = between(whole.coarse, LEARNT, LEARNT + 72);
const result = downscale({ fine, cover: COVER, coarse });
const error = differenceOf(result.fine.values, truth.values);

/** On the new hours, of a method that learns the same hours as the mix. */
function errorOf(method: Downscaler): number {
  const training = trainingOf(fine, COVER);
  return differenceOf(predictKept(method.learn(training), training, coarse).values, truth.values);
}

test('on new hours the mix beats interpolation many times over, and is not worse than its better member', () => {
  assert.ok(error < 0.25 * errorOf(bicubic), `${error} of ${errorOf(bicubic)}`);
  const better = Math.min(errorOf(ridge), errorOf(gaussianProcess));
  assert.ok(error <= 1.02 * better, `${error}, the better member ${better}`);
});

test('the expected error is about that on new hours, and the score of the mix is that of its held-out blocks', () => {
  const { expectedRmse, validatedRmse, methods } = result.report;
  const ratio = error / expectedRmse!;
  assert.ok(ratio > 0.5 && ratio < 2, `${error}, expected ${expectedRmse}`);
  assert.deepEqual(methods.at(-1), { name: 'mix', rmse: validatedRmse });
});

for (const seed of [1, 2, 3])
  test(`with noise ${seed}, of which most of the error is, the expected error is the true one within 0.03 °C`, () => {
    const noisy = withNoise(all, 0.4, seed);
    const known = between(noisy, 0, LEARNT);
    const input = between(trainingOf(noisy, COVER).coarse, LEARNT, LEARNT + 72);
    const { fine: predicted, report } = downscale({ fine: known, cover: COVER, coarse: input });
    const found = differenceOf(predicted.values, between(noisy, LEARNT, LEARNT + 72).values);
    assert.ok(found > 0.15, String(found));
    assert.ok(Math.abs(found - report.expectedRmse!) < 0.03, `${found}, expected ${report.expectedRmse}`);
  });

test('every block keeps the mean of its coarse cell', () => {
  const means = blockMeans(result.fine, COVER, whole.blocks);
  for (let at = 0; at < means.values.length; at++)
    assert.ok(Math.abs(means.values[at]! - coarse.values[at]!) <= 3.1e-5, `place ${at}`);
});

/** Enough where no error is measured: a kernel of so many times is a tenth of the work. */
const fewer = between(all, 0, 72);

test('the same input gives the same bytes', () => {
  const input = { fine: fewer, cover: COVER, coarse };
  assert.deepEqual(downscale(input), downscale(input));
});

test('a cell without values stays without, and its block keeps the mean of the others', () => {
  const values = fewer.values.slice();
  for (let at = 0; at < values.length; at += fewer.rows * fewer.columns) values[at] = NaN;
  const masked = downscale({ fine: { ...fewer, values }, cover: COVER, coarse });
  assert.ok(masked.fine.values.every((value, at) => Number.isNaN(value) === (at % 108 === 0)));
});

test('a training too short to hold anything out still predicts, and says why it has no number', () => {
  const { fine: predicted, report } = downscale({ fine: between(all, 0, 20), cover: COVER, coarse });
  assert.ok(predicted.values.every(Number.isFinite));
  assert.equal(report.validatedRmse, null);
  assert.equal(report.expectedRmse, null);
  assert.match(report.reason!, /too short/);
});

test('a factor of 1 and a single coarse cell work', () => {
  const one = { coarse: { rows: 1, columns: 1 }, down: 9, across: 12, top: 0, left: 0 };
  const single = downscale({
    fine: fewer,
    cover: one,
    coarse: between(trainingOf(all, one).coarse, LEARNT, LEARNT + 5),
  });
  assert.ok(single.fine.values.every(Number.isFinite));
  const same = { coarse: { rows: 9, columns: 12 }, down: 1, across: 1, top: 0, left: 0 };
  const short = between(all, 0, 48);
  const copied = downscale({ fine: short, cover: same, coarse: between(truth, 0, 2) });
  assert.ok(differenceOf(copied.fine.values, between(truth, 0, 2).values) < 1e-4);
});
