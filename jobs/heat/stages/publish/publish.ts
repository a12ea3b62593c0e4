// Stage 7: the maps as readers want them: the mean temperature of the period and the two indices.
import { writePng } from '../../formats/png/write-png.ts';
import { cellCount, type Raster, type Series } from '../../raster/grid.ts';
import { jsonStageFile, rasterFile, readRaster, readSeriesFile } from '../files.ts';
import type { Stage, StageFile } from '../stage.ts';

export const publish: Stage = {
  name: 'publish',
  version: 1,
  reads: ['features', 'train'],
  settings: ({ period, grid, output }) => ({ period, grid, output }),
  run: async ({ city, inputs }) => {
    const fine = await readSeriesFile(inputs, 'train', 'fine.series');
    const layers = [
      { name: 'temperature', raster: meanOf(fine), scale: 'heat' as const },
      {
        name: 'ndvi',
        raster: await readRaster(inputs, 'features', 'ndvi.tif'),
        scale: 'vegetation' as const,
      },
      {
        name: 'ndbi',
        raster: await readRaster(inputs, 'features', 'ndbi.tif'),
        scale: 'difference' as const,
      },
    ];
    const files = layers.flatMap(({ name, raster, scale }): StageFile[] => [
      rasterFile(`${city.city}_${name}.tif`, raster),
      { name: `${city.city}_${name}.png`, type: 'image/png', bytes: writePng(raster, { scale }) },
    ]);
    const metadata = {
      city: city.city,
      period: city.period,
      grid: city.grid,
      files: files.map(({ name }) => name),
    };
    return [...files, jsonStageFile('export_metadata.json', metadata)];
  },
};

function meanOf({ grid, hours, values, units, name }: Series): Raster {
  const cells = cellCount(grid);
  const mean = Float32Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let hour = 0; hour < hours.length; hour++) sum += values[hour * cells + cell]!;
    return sum / hours.length;
  });
  return { grid, values: mean, units, name };
}
