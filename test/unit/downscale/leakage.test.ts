// Nothing of a held-out block reaches what is predicted for it: its fine values are poisoned, and not one bit changes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bicubic } from '../../../models/downscale/bicubic.ts';
import { trainingOf, type Training } from '../../../models/downscale/downscaler.ts';
import { between, type Fields } from '../../../models/downscale/field.ts';
import { gaussianProcess } from '../../../models/downscale/gaussian-process.ts';
import { ridge } from '../../../models/downscale/ridge.ts';
import { residualByHour } from '../../../models/downscale/residual-by-hour.ts';
import { heldOutBlocks } from '../../../models/downscale/rolling.ts';
import { openKernel } from '../../../models/downscale/unet/kernel.ts';
import { unet, USUAL } from '../../../models/downscale/unet/unet.ts';
import { predictHeldOut } from '../../../models/downscale/validation.ts';
import { COVER, generatedFields, rounded, withPattern } from './generated-fields.ts';

const network = unet(await openKernel(), { ...USUAL, epochs: 1 });
const METHODS = [bicubic, residualByHour, ridge, gaussianProcess, network];
const fine = rounded(generatedFields(168));
const coarse = between(trainingOf(fine, COVER).coarse, 0, 2);
const POISON = 64;

/** What each method predicts for each block, and for two hours of an input. */
const predicted = (of: Fields) =>
  predictHeldOut(
    { fine: of, cover: COVER, input: { coarse, compared: [...METHODS.keys()] } },
    METHODS,
    () => {},
  );
const undisturbed = predicted(fine);

const largest = (one: Fields, other: Fields): number =>
  one.values.reduce((most, value, at) => Math.max(most, Math.abs(value - other.values[at]!)), 0);

test('the poison changes no coarse field', () => {
  const poisoned = withPattern(fine, 0, 168, POISON);
  assert.notDeepEqual(poisoned.values, fine.values);
  assert.deepEqual(trainingOf(poisoned, COVER).coarse, trainingOf(fine, COVER).coarse);
});

heldOutBlocks(fine.hours).forEach(({ train, held }, number) => {
  const [from, to] = number === 0 ? [train[1], fine.hours.length] : [0, train[0]];
  const before = undisturbed[number]!;
  const withPoison = predicted(withPattern(fine, from, to, POISON))[number]!;
  // The last hour that may be seen: the next to it is the first of the gap.
  const edge = number === 0 ? train[1] - 1 : train[0];
  const atEdge = predicted(withPattern(fine, edge, edge + 1, POISON))[number]!;
  for (const [at, method] of METHODS.entries()) {
    test(`block ${number + 1}: ${method.name} sees nothing of the block and its gap`, () => {
      assert.deepEqual(withPoison.predictions[at], before.predictions[at]);
      assert.deepEqual(withPoison.ofInput[at], before.ofInput[at]);
    });
    // Interpolation learns nothing.
    if (method === bicubic) continue;
    test(`block ${number + 1}: the poison of a single hour shows where ${method.name} may see it`, () => {
      assert.ok(largest(before.predictions[at]!, atEdge.predictions[at]!) > 0.01);
    });
  }
  test(`block ${number + 1} lies beside what is learned`, () => {
    assert.ok(held[0] >= train[1] || held[1] <= train[0]);
  });
});

test('blocks keep a gap to what is learned, and are eight days of a long series', () => {
  const hours = Array.from({ length: 552 }, (_, at) => at * 3_600_000);
  assert.deepEqual(heldOutBlocks(hours), [
    { train: [0, 348], held: [360, 552] },
    { train: [204, 552], held: [0, 192] },
  ]);
  assert.deepEqual(heldOutBlocks([]), []);
  assert.deepEqual(heldOutBlocks(hours.slice(0, 30)), []);
});

test('a prediction from values that are all equal is that value', () => {
  const flat = trainingOf({ ...fine, values: fine.values.map(() => 280) }, COVER);
  const values = flat.coarse.values;
  for (const method of METHODS) {
    const learnt = method.learn(flat satisfies Training).predict({ ...flat.coarse, values });
    assert.ok(
      learnt.values.every((value) => Math.abs(value - 280) < 1e-3),
      method.name,
    );
  }
});
