// Stage 4: the fine temperatures of the period. Where a reference can be learned from, methods are validated, mixed and
// learned; otherwise the weather is interpolated.
import { blend, type Blend } from '../../../../models/downscale/blend.ts';
import type { Fields } from '../../../../models/downscale/field.ts';
import { targetGrid } from '../../city/target-grid.ts';
import type { Grid, Series } from '../../raster/grid.ts';
import { warpSeries } from '../../raster/warp.ts';
import { xgboostVersion } from '../../training/boosting-if-installed.ts';
import { experimentOf, withoutLearning } from '../../training/experiment.ts';
import { groundOn } from '../../training/ground.ts';
import { learnable, type Learnable } from '../../training/learnable.ts';
import { methodsFor, usesBoosting } from '../../training/methods.ts';
import { jsonStageFile, readSeriesFile, seriesFile } from '../files.ts';
import type { Stage, StageFile, StageWork } from '../stage.ts';

/** `library` is the path of libxgboost; where the system's loader finds it when absent. */
export const train = (library?: string): Stage => ({
  name: 'train',
  version: 3,
  reads: ['preprocess', 'features'],
  settings: ({ grid, extent, model }) => ({
    ...{ grid, extent: extent.bbox_wgs84, model },
    // Without it the mix is another one, and its version decides about the trees.
    xgboost: usesBoosting(model) ? xgboostVersion(library) : null,
  }),
  run: async (work) => {
    const { inputs, city } = work;
    const coarse = await readSeriesFile(inputs, 'preprocess', 't2m.series');
    const hasReference = inputs.names('preprocess').includes('reference.series');
    const reference = hasReference
      ? await readSeriesFile(inputs, 'preprocess', 'reference.series')
      : undefined;
    const found = learnable(coarse, reference);
    if (found.kind === 'learn') return learn(work, coarse, found, library);
    return [
      seriesFile('fine.series', warpSeries(coarse, targetGrid(city), 'cubic')),
      jsonStageFile('experiment.json', withoutLearning(found.reason)),
    ];
  },
});

async function learn(
  { city, inputs, progress }: StageWork,
  weather: Series,
  found: Learnable & { readonly kind: 'learn' },
  library: string | undefined,
): Promise<readonly StageFile[]> {
  const { cover, fine, coarse, grid } = found;
  const methods = await methodsFor(city.model.type, cover, library);
  const ground = await groundOn(grid, inputs);
  // Each method is validated on two blocks, and learned once more.
  const parts = 3 * methods.methods.length;
  let done = 0;
  const result = blend({
    ...{ fine, cover, coarse, ground },
    ...methods,
    progress: (text) => progress(Math.min(1, done++ / parts), `train: ${text}`),
  });
  const series = (fields: Fields): Series => ({
    ...weather,
    grid,
    hours: fields.hours,
    values: fields.values,
  });
  const target = targetGrid(city);
  return [
    seriesFile('fine.series', onTarget(series(result.fine), target)),
    ...heldFiles(result, series),
    jsonStageFile('experiment.json', experimentOf(result, methods)),
    ...checkpoints(result),
  ];
}

const onTarget = (series: Series, target: Grid): Series =>
  JSON.stringify(series.grid) === JSON.stringify(target)
    ? series
    : { ...warpSeries(series, target, 'bilinear'), name: series.name };

/** On the reference's grid, all held-out blocks one after the other. */
function heldFiles({ held }: Blend, seriesOf: (fields: Fields) => Series): readonly StageFile[] {
  if (held.length === 0) return [];
  const joined = (name: string, parts: readonly Fields[]): StageFile => {
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part.values, at);
      at += part.values.length;
    }
    return seriesFile(name, seriesOf({ ...parts[0]!, hours: parts.flatMap(({ hours }) => hours), values }));
  };
  return [
    joined(
      'held-truth.series',
      held.map(({ truth }) => truth),
    ),
    joined(
      'held-prediction.series',
      held.map(({ prediction }) => prediction),
    ),
    joined(
      'held-bicubic.series',
      held.map(({ baseline }) => baseline),
    ),
  ];
}

const checkpoints = ({ learnt }: Blend): readonly StageFile[] =>
  [...learnt].flatMap(([name, { checkpoint }]) => {
    if (checkpoint === undefined) return [];
    const file = `checkpoint-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.${checkpoint.ending}`;
    return [{ name: file, type: 'application/octet-stream', bytes: Buffer.from(checkpoint.bytes) }];
  });
