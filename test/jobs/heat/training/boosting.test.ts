// Gradient boosting on generated fields: the ground helps where it explains, the same bytes twice, nothing leaks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { boosting } from '../../../../jobs/heat/training/boosting.ts';
import { predictKept, trainingOf, type Learnt } from '../../../../models/downscale/downscaler.ts';
import { between, type Fields } from '../../../../models/downscale/field.ts';
import { ridge } from '../../../../models/downscale/ridge.ts';
import { predictHeldOut } from '../../../../models/downscale/validation.ts';
import {
  COVER,
  differenceOf,
  generatedFields,
  rounded,
  withPattern,
} from '../../../unit/downscale/generated-fields.ts';
import { xgboost, xgboostHere } from '../../xgboost/installed.ts';

const { skip } = xgboostHere;

const LEARNT = 240;
const all = generatedFields(LEARNT + 72);

/** From noon on the cells of a block differ more: a step, which no linear method learns. Block means are kept. */
function withSteps(fields: Fields): Fields {
  const cells = fields.rows * fields.columns;
  const values = fields.values.map((value, at) => {
    const [time, row, column] = [Math.floor(at / cells), Math.floor(at / 12) % 9, at % 12];
    return time % 24 < 12 ? value : value + 2 * ((row % 3) - 1) * ((column % 3) - 1);
  });
  return { ...fields, values };
}

test('it learns what ridge regression cannot, and the same training gives the same bytes', { skip }, () => {
  const fields = withSteps(all);
  const own = trainingOf(between(fields, 0, LEARNT), COVER);
  const later = trainingOf(between(fields, LEARNT, LEARNT + 72), COVER);
  const error = (learnt: Learnt) =>
    differenceOf(predictKept(learnt, own, later.coarse).values, later.fine.values);
  const learnt = boosting(xgboost!).learn(own);
  const [before, after] = [error(ridge.learn(own)), error(learnt)];
  assert.ok(after < 0.5 * before, `${after}, before ${before}`);
  assert.deepEqual(boosting(xgboost!).learn(own).checkpoint!.bytes, learnt.checkpoint!.bytes);
});

test('a layer of the ground becomes a feature', { skip }, () => {
  const training = trainingOf(between(all, 0, 72), COVER);
  const { coarse } = trainingOf(between(all, 72, 96), COVER);
  const layer = Float32Array.from({ length: 9 * 12 }, (_, at) => at % 7);
  const withGround = { ...training, ground: [layer] };
  const [plain, more] = [training, withGround].map(
    (one) => boosting(xgboost!).learn(one).predict(coarse).values,
  );
  assert.notDeepEqual(plain, more);
});

test(
  'nothing of a held-out block reaches what is predicted for it: poison of it changes no bit',
  { skip },
  () => {
    const fine = rounded(between(all, 0, 168));
    const predictions = (of: Fields) =>
      predictHeldOut({ fine: of, cover: COVER }, [boosting(xgboost!)], () => {});
    const before = predictions(fine);
    before.forEach(({ block: { train }, predictions: [own] }, number) => {
      const [from, to] = number === 0 ? [train[1], 168] : [0, train[0]];
      assert.deepEqual(predictions(withPattern(fine, from, to, 64))[number]!.predictions[0], own);
      // The hour next to the gap may be seen.
      const edge = number === 0 ? train[1] - 1 : train[0];
      const seen = predictions(withPattern(fine, edge, edge + 1, 64))[number]!.predictions[0]!;
      assert.ok(differenceOf(seen.values, own!.values) > 0.001);
    });
  },
);
