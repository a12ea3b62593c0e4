// The downscaling of a generated field with known truth: better than interpolation, exact in its means, the same twice.
import assert from 'node:assert/strict';
import test from 'node:test';
import { blockMeans } from '../../../models/downscale/blocks.ts';
import { downscale } from '../../../models/downscale/downscale.ts';
import { trainingOf } from '../../../models/downscale/downscaler.ts';
import { between } from '../../../models/downscale/field.ts';
import { COVER, differenceOf, generatedFields } from './generated-fields.ts';

const LEARNT = 240;
const all = generatedFields(LEARNT + 72);
const whole = trainingOf(all, COVER);
const fine = between(all, 0, LEARNT);
const truth = between(all, LEARNT, LEARNT + 72);
const coarse = between(whole.coarse, LEARNT, LEARNT + 72);
const result = downscale({ fine, cover: COVER, coarse });
const errorOf = (name: string): number => result.report.methods.find((method) => method.name === name)!.rmse!;

test('the mix beats interpolation many times over, and ridge regression', () => {
  assert.ok(errorOf('mix') < 0.25 * errorOf('bicubic'), `${errorOf('mix')} of ${errorOf('bicubic')}`);
  assert.ok(errorOf('mix') <= errorOf('ridge per cell') + 1e-9);
});

test('the error on new hours is about the expected one', () => {
  const error = differenceOf(result.fine.values, truth.values);
  assert.ok(error < 0.3 * errorOf('bicubic'), String(error));
  const ratio = error / result.report.expectedRmse!;
  assert.ok(ratio > 0.5 && ratio < 2, `${error}, expected ${result.report.expectedRmse}`);
});

test('every block keeps the mean of its coarse cell', () => {
  const means = blockMeans(result.fine, COVER, whole.blocks);
  for (let at = 0; at < means.values.length; at++)
    assert.ok(Math.abs(means.values[at]! - coarse.values[at]!) <= 3.1e-5, `place ${at}`);
});

test('the same input gives the same bytes', () => {
  assert.deepEqual(downscale({ fine, cover: COVER, coarse }), result);
});

test('a cell without values stays without, and its block keeps the mean of the others', () => {
  const values = fine.values.slice();
  for (let at = 0; at < values.length; at += fine.rows * fine.columns) values[at] = NaN;
  const masked = downscale({ fine: { ...fine, values }, cover: COVER, coarse });
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
    fine,
    cover: one,
    coarse: between(trainingOf(all, one).coarse, LEARNT, LEARNT + 5),
  });
  assert.ok(single.fine.values.every(Number.isFinite));
  const same = { coarse: { rows: 9, columns: 12 }, down: 1, across: 1, top: 0, left: 0 };
  const short = between(all, 0, 48);
  const copied = downscale({ fine: short, cover: same, coarse: between(truth, 0, 2) });
  assert.ok(differenceOf(copied.fine.values, between(truth, 0, 2).values) < 1e-4);
});
