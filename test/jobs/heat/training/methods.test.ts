// Which methods a configuration wants, what is left out with its reason, and that a stage's key follows from XGBoost.
import assert from 'node:assert/strict';
import test from 'node:test';
import { methodsFor } from '../../../../jobs/heat/training/methods.ts';
import { train } from '../../../../jobs/heat/stages/train/train.ts';
import { XgboostMissing } from '../../../../shared/xgboost/errors.ts';
import { COVER } from '../../../unit/downscale/generated-fields.ts';
import { cityOf } from '../stages/run-stage.ts';
import { xgboost, xgboostHere } from '../../xgboost/installed.ts';

const NOWHERE = '/nowhere/libxgboost.so.0';
const LIBRARY = process.env['XGBOOST_LIBRARY'];
const version = xgboost?.version;
const { skip } = xgboostHere;

const [BASELINE, RESIDUAL] = ['bicubic', 'bicubic + residual by hour'];
const LARGE = { ...COVER, coarse: { rows: 30, columns: 40 } };

async function named(type: Parameters<typeof methodsFor>[0], cover = COVER, library = LIBRARY) {
  const { methods, members, leftOut } = await methodsFor(type, cover, library);
  return {
    all: methods.map(({ name }) => name),
    mixed: members.map((at) => methods[at]!.name),
    leftOut: leftOut.map(({ name, reason }) => `${name}: ${reason.text}`),
  };
}

for (const [type, only] of [
  ['ridge', 'ridge per cell'],
  ['unet', 'U-Net'],
] as const)
  test(`the type ${type} allows that method alone, and validates it beside the baselines`, async () => {
    assert.deepEqual(await named(type), { all: [BASELINE, RESIDUAL, only], mixed: [only], leftOut: [] });
  });

test('the type bicubic takes the baseline', async () => {
  assert.deepEqual(await named('bicubic'), { all: [BASELINE, RESIDUAL], mixed: [BASELINE], leftOut: [] });
});

test('the type boosting allows that method alone', { skip }, async () => {
  assert.deepEqual((await named('boosting')).mixed, ['gradient boosting']);
});

test('the type boosting fails by name where XGBoost is missing; the type auto leaves it out with the reason', async () => {
  await assert.rejects(named('boosting', COVER, NOWHERE), XgboostMissing);
  const { mixed, leftOut } = await named('auto', COVER, NOWHERE);
  assert.deepEqual(leftOut, ['gradient boosting: XGBoost is not installed']);
  // Where nothing can be held out, the last one is taken.
  assert.deepEqual(mixed, [BASELINE, RESIDUAL, 'ridge per cell', 'U-Net', 'Gaussian process']);
});

test('the type auto leaves the U-Net out of a large grid', async () => {
  const { mixed, leftOut } = await named('auto', LARGE, NOWHERE);
  assert.ok(!mixed.includes('U-Net'));
  assert.equal(leftOut.at(-1), LARGE_REASON);
});
const LARGE_REASON = 'U-Net: the fine grid has 10800 cells; by itself it is trained on at most 8192';

test('the key of the stage follows from the version of XGBoost where boosting may be learned', () => {
  const settings = (type: string, library?: string) =>
    train(library).settings(cityOf({ model: { type } })) as { readonly xgboost: string | null };
  assert.equal(settings('auto', NOWHERE).xgboost, null);
  assert.equal(settings('auto', LIBRARY).xgboost, version ?? null);
  assert.equal(settings('boosting', LIBRARY).xgboost, version ?? null);
  assert.equal(settings('ridge', LIBRARY).xgboost, null);
});
