// The mix of methods whose errors are known: which weights it takes, and that its scores come from weights of other blocks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { blend } from '../../../models/downscale/blend.ts';
import { trainingOf, type Downscaler } from '../../../models/downscale/downscaler.ts';
import { between, cellsOf, type Fields } from '../../../models/downscale/field.ts';
import { COVER, generatedFields, withPattern } from './generated-fields.ts';

const HOURS = 168;
const fine = generatedFields(HOURS);
const coarse = between(trainingOf(fine, COVER).coarse, 0, 3);
/** The root mean square of the pattern: four of nine cells are 1 or -1. */
const PATTERN = Math.sqrt(4 / 9);

/** Answers what it is told for each hour, whatever it learns. */
const oracle = (name: string, answers: Fields): Downscaler => ({
  name,
  learn: () => ({
    predict(input) {
      const cells = cellsOf(answers);
      const values = new Float32Array(input.hours.length * cells);
      input.hours.forEach((time, at) => {
        const from = answers.hours.indexOf(time) * cells;
        values.set(answers.values.subarray(from, from + cells), at * cells);
      });
      return { ...answers, hours: input.hours, values };
    },
  }),
});

const near = (found: number | null, expected: number): void =>
  assert.ok(found !== null && Math.abs(found - expected) < 1e-4, `${found}, expected ${expected}`);

const baseline = oracle('baseline', withPattern(fine, 0, HOURS, 2));

test('a block is mixed by the weights of the other block, and never by its own', () => {
  // Each is right in one of the blocks and off by the pattern in the other.
  const early = oracle('right early', withPattern(fine, HOURS / 2, HOURS, 1));
  const late = oracle('right late', withPattern(fine, 0, HOURS / 2, 1));
  const found = blend({ fine, cover: COVER, coarse, methods: [baseline, early, late], members: [1, 2] });
  // By weights of all blocks each would be half of the mix, and the error would be half of the pattern.
  near(found.validatedRmse, PATTERN);
  near(found.methods[1]!.rmse, PATTERN / Math.SQRT2);
  near(found.methods[1]!.weight, 0.5);
  near(found.methods[2]!.weight, 0.5);
});

test('blocks come in the sequence of time, each with its truth, its prediction and the baseline', () => {
  const exact = oracle('exact', fine);
  const { held, validatedRmse, learntHours, learnt } = blend({
    ...{ fine, cover: COVER, coarse },
    methods: [baseline, exact],
    members: [1],
  });
  near(validatedRmse, 0);
  assert.equal(learntHours, HOURS);
  assert.deepEqual([...learnt.keys()], ['exact']);
  assert.equal(held.length, 2);
  assert.equal(held[0]!.truth.hours[0], fine.hours[0]);
  assert.equal(held[1]!.truth.hours.at(-1), fine.hours.at(-1));
  for (const { truth, prediction, baseline: base } of held) {
    assert.deepEqual(prediction.hours, truth.hours);
    const apart = (one: Fields) =>
      one.values.reduce((sum, value, at) => sum + (value - truth.values[at]!) ** 2, 0);
    near(Math.sqrt(apart(prediction) / truth.values.length), 0);
    near(Math.sqrt(apart(base) / truth.values.length), 2 * PATTERN);
  }
});

test('what a method predicts is moved to the mean of each coarse cell before it is scored and mixed', () => {
  const warmer = oracle('warmer', { ...fine, values: fine.values.map((value) => value + 3) });
  const { held, validatedRmse, methods } = blend({
    ...{ fine, cover: COVER, coarse },
    methods: [baseline, warmer],
    members: [1],
  });
  near(validatedRmse, 0);
  near(methods[1]!.rmse, 0);
  const { coarse: means } = trainingOf(held[0]!.prediction, COVER);
  const { coarse: known } = trainingOf(held[0]!.truth, COVER);
  means.values.forEach((value, at) => assert.ok(Math.abs(value - known.values[at]!) <= 3.1e-5));
});

test('where nothing can be held out, the last member predicts, and there is no score', () => {
  const short = between(fine, 0, 20);
  const [one, other] = [oracle('one', withPattern(fine, 0, HOURS, 1)), oracle('other', fine)];
  const found = blend({
    fine: short,
    cover: COVER,
    coarse,
    methods: [baseline, one, other],
    members: [1, 2],
  });
  assert.equal(found.validatedRmse, null);
  assert.deepEqual(
    found.methods.map(({ rmse, weight }) => [rmse, weight]),
    [
      [null, 0],
      [null, 0],
      [null, 1],
    ],
  );
});
