// Nothing of a held-out block reaches what is predicted for it: its fine values are poisoned, and nothing changes.
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
import { COVER, generatedFields } from './generated-fields.ts';

const network = unet(await openKernel(), { ...USUAL, epochs: 1 });
const METHODS = [bicubic, residualByHour, ridge, gaussianProcess, network];
const fine = generatedFields(168);
const coarse = between(trainingOf(fine, COVER).coarse, 0, 2);
const cells = fine.rows * fine.columns;

/** Adds a pattern whose block means are 0 to some hours, so that the coarse fields stay as they are. */
function poisoned(from: number, to: number): Fields {
  const values = fine.values.slice();
  for (let at = from * cells; at < to * cells; at++) {
    const [row, column] = [Math.floor(at / fine.columns) % fine.rows, at % fine.columns];
    values[at]! += 64 * ((row % 3) - 1) * ((column % 3) - 1);
  }
  return { ...fine, values };
}

const predicted = (of: Fields, block: number) =>
  predictHeldOut({ fine: of, cover: COVER, coarse }, METHODS, () => {})[block]!.predictions;

const largest = (one: Fields, other: Fields): number =>
  one.values.reduce((most, value, at) => Math.max(most, Math.abs(value - other.values[at]!)), 0);

heldOutBlocks(fine.hours).forEach(({ train, held }, number) => {
  const [from, to] = number === 0 ? [train[1], fine.hours.length] : [0, train[0]];
  const before = predicted(fine, number);
  const withPoison = predicted(poisoned(from, to), number);
  for (const [at, method] of METHODS.entries())
    test(`block ${number + 1}: ${method.name} sees nothing of the block and its gap`, () => {
      const difference = largest(before[at]!, withPoison[at]!);
      // The poison is rounded to float32 as well, which moves a block mean by as much.
      assert.ok(difference < 1e-3, `changed by ${difference}`);
    });
  test(`block ${number + 1}: the poison shows where a method may see it`, () => {
    const changed = predicted(poisoned(...train), number);
    assert.ok(largest(before[3]!, changed[3]!) > 1);
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
