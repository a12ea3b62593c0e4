// The stage `publish`: what readers open. A map of each layer as COG and as PNG, all hours as a Zarr store, and what they show.
import {
  exportMetadataFile,
  mapFile,
  storeFolder,
  TYPES,
  type LayerName,
} from '../../../../models/heat/published-files.ts';
import type { City } from '../../city/city.ts';
import { writeCog } from '../../formats/cog/write-cog.ts';
import { writePng } from '../../formats/png/write-png.ts';
import { writeZarr } from '../../formats/zarr/write-zarr.ts';
import { FINE, layersIn, type CityLayers } from '../../publishing/city-inputs.ts';
import { exportMetadata } from '../../publishing/export-metadata.ts';
import { SHOWN } from '../../publishing/layers.ts';
import type { Raster } from '../../raster/grid.ts';
import { jsonStageFile, readSeriesFile } from '../files.ts';
import type { Stage, StageFile, StageWork } from '../stage.ts';

export const publish: Stage = {
  name: 'publish',
  version: 3,
  reads: ['features', 'train'],
  settings: ({ city, period, grid, output: { formats, compression } }) => ({
    city,
    period,
    grid,
    formats,
    compression,
  }),
  run: publishCity,
};

async function publishCity({ city, inputs, frozenAt, progress }: StageWork): Promise<readonly StageFile[]> {
  const { formats } = city.output;
  const layers = await layersIn(inputs);
  const files: StageFile[] = mapFiles(city, layers);
  const store = `${storeFolder(city.city)}/`;
  if (formats.includes('zarr')) {
    progress(0.5, 'publish: the store of all hours');
    const series = await readSeriesFile(inputs, 'train', FINE);
    for (const { path, bytes } of writeZarr({ ...series, name: 't2m' }))
      files.push(fileOf(`${store}${path}`, typeInStore(path), bytes));
  }
  if (formats.includes('metadata')) {
    const names = new Set(files.map(({ name }) => (name.startsWith(store) ? store : name)));
    const metadata = exportMetadata(city, { layers, files: [...names], frozenAt });
    files.push(jsonStageFile(exportMetadataFile(city.city), metadata));
  }
  return files;
}

function mapFiles({ city, output: { formats, compression } }: City, { layers }: CityLayers): StageFile[] {
  return [...layers].flatMap(([name, layer]) => [
    ...(formats.includes('geotiff')
      ? [fileOf(mapFile(city, name, 'tif'), TYPES.tif, Buffer.concat([...writeCog(layer, compression)]))]
      : []),
    ...(formats.includes('png') ? [fileOf(mapFile(city, name, 'png'), TYPES.png, drawn(name, layer))] : []),
  ]);
}

/** A number without a unit has none in the legend either. */
const drawn = (name: LayerName, layer: Raster): Buffer =>
  writePng({ ...layer, units: layer.units === '1' ? '' : layer.units }, SHOWN[name]);

/** Its metadata is JSON, in files without an ending. */
const typeInStore = (path: string): string => (/(^|\/)\.z/.test(path) ? TYPES.json : TYPES.zarr);

const fileOf = (name: string, type: string, bytes: Uint8Array): StageFile => ({
  name,
  type,
  bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
});
