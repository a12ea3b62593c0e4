// Which methods a city's configuration wants: each is validated, and those that it allows may be in the mix.
import { bicubic } from '../../../models/downscale/bicubic.ts';
import { fineSize, type Cover } from '../../../models/downscale/cover.ts';
import type { Downscaler } from '../../../models/downscale/downscaler.ts';
import { cellsOf } from '../../../models/downscale/field.ts';
import { gaussianProcess } from '../../../models/downscale/gaussian-process.ts';
import { residualByHour } from '../../../models/downscale/residual-by-hour.ts';
import { ridge } from '../../../models/downscale/ridge.ts';
import { openKernel } from '../../../models/downscale/unet/kernel.ts';
import { unet, WIDE } from '../../../models/downscale/unet/unet.ts';
import type { Coded } from '../../../models/heat/documents.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import type { City } from '../city/city.ts';
import { coded } from '../texts/coded.ts';
import { boostingIfInstalled } from './boosting-if-installed.ts';
import { boosting } from './boosting.ts';

export interface Methods {
  /** The first one is the baseline. */
  readonly methods: readonly Downscaler[];
  /** Places of those that may be in the mix. */
  readonly members: readonly number[];
  readonly leftOut: readonly { readonly name: string; readonly reason: Coded }[];
}

/** Cells of a fine grid, above which a U-Net would see each hour too rarely within the time that `auto` gives it. */
const MOST_CELLS_OF_UNET = 8_192;
/** Whether what is learned depends on the library of XGBoost. */
export const usesBoosting = ({ type }: City['model']): boolean => type === 'auto' || type === 'boosting';

/** `library` is the path of XGBoost. Throws where the one method that is asked for cannot be had. */
export async function methodsFor(
  type: City['model']['type'],
  cover: Cover,
  library?: string,
): Promise<Methods> {
  const baseline = [bicubic, residualByHour];
  if (type === 'bicubic') return { methods: baseline, members: [0], leftOut: [] };
  if (type === 'ridge') return alone(baseline, ridge);
  if (type === 'boosting') return alone(baseline, boosting(openXgboost(library)));
  if (type === 'unet') return alone(baseline, unet(await openKernel(), WIDE));
  const leftOut: { name: string; reason: Coded }[] = [];
  const methods: Downscaler[] = [...baseline, ridge, gaussianProcess];
  const boosted = boostingIfInstalled(library);
  if ('reason' in boosted) leftOut.push({ name: 'gradient boosting', reason: boosted.reason });
  else methods.push(boosted);
  const cells = cellsOf(fineSize(cover));
  if (cells <= MOST_CELLS_OF_UNET) methods.push(unet(await openKernel()));
  else
    leftOut.push({
      name: 'U-Net',
      reason: coded('too-many-cells', { cells, most: MOST_CELLS_OF_UNET }),
    });
  // Where nothing can be held out, the last member is taken.
  const last = methods.indexOf(gaussianProcess);
  const members = [...methods.keys()].filter((at) => at !== last);
  return { methods, members: [...members, last], leftOut };
}

const alone = (baseline: readonly Downscaler[], method: Downscaler): Methods => ({
  methods: [...baseline, method],
  members: [baseline.length],
  leftOut: [],
});
