// The bands on the grid of the city: clouds are masked where they were seen, and gaps are filled from other scenes.
import { SCENE_CLASSES, isClear } from '../../ground/clouds.ts';
import type { Grid, Raster } from '../../raster/grid.ts';
import { resamplingFor } from '../../raster/resampling.ts';
import { warp } from '../../raster/warp.ts';
import { rasterFile, readRaster } from '../files.ts';
import type { StageFile, StageInputs } from '../stage.ts';

const NAME = /^(\d+)_(B\d\d|SCL)\.tif$/;
const SCENE_LAYERS = { 'scl-water': SCENE_CLASSES.water, 'scl-green': SCENE_CLASSES.vegetation } as const;

/** `B04.tif`, …, and of classified scenes `scl-water.tif` and `scl-green.tif`, the shares of these classes. */
export async function bandsOf(inputs: StageInputs, target: Grid): Promise<readonly StageFile[]> {
  const found = inputs.names('ingest').flatMap((file) => {
    const [, scene, band] = NAME.exec(file) ?? [];
    return scene === undefined ? [] : [{ file, scene: Number(scene), band: band! }];
  });
  const scenes = [...new Set(found.map(({ scene }) => scene))].sort((one, other) => one - other);
  const layers = new Map<string, Raster>();
  for (const scene of scenes) {
    const own = found.filter((file) => file.scene === scene);
    const classified = own.find(({ band }) => band === 'SCL');
    const classes = classified && (await readRaster(inputs, 'ingest', classified.file));
    for (const { file, band } of own.filter((each) => each !== classified)) {
      const seen = masked(await readRaster(inputs, 'ingest', file), classes);
      fill(layers, band, onGrid(seen, target));
    }
    for (const [name, wanted] of Object.entries(SCENE_LAYERS))
      if (classes !== undefined) fill(layers, name, onGrid(shareOf(classes, wanted), target));
  }
  return [...layers].map(([name, raster]) => rasterFile(`${name}.tif`, { ...raster, name }));
}

const onGrid = (raster: Raster, target: Grid): Raster =>
  warp(raster, target, resamplingFor(raster.grid, target));

/** Clouds are masked in the pixels of the band, so that none is part of a mean. */
function masked(band: Raster, classes: Raster | undefined): Raster {
  if (classes === undefined) return band;
  const scene = warp(classes, band.grid, 'nearest');
  const values = band.values.map((value, at) => (isClear(scene.values[at]!) ? value : NaN));
  return { ...band, values };
}

const shareOf = (classes: Raster, wanted: number): Raster => ({
  ...classes,
  units: '1',
  values: classes.values.map((value) => (isClear(value) ? Number(value === wanted) : NaN)),
});

/** The first scene that shows a cell counts: scenes come from the clearest on. */
function fill(layers: Map<string, Raster>, name: string, raster: Raster): void {
  const known = layers.get(name);
  if (known === undefined) return void layers.set(name, raster);
  raster.values.forEach((value, at) => {
    if (Number.isNaN(known.values[at]!)) known.values[at] = value;
  });
}
