// The bands, outlines and stations of a city, checked and named for the later stages.
import { readFile } from 'node:fs/promises';
import type { City } from '../../city/city.ts';
import { readGeoJson } from '../../formats/geojson/read-geojson.ts';
import { readGeoTiff } from '../../formats/geotiff/read-geotiff.ts';
import { jsonStageFile, rasterFile } from '../files.ts';
import type { StageFile } from '../stage.ts';
import type { SourceFiles } from './raw-of.ts';

export interface Ground {
  readonly files: readonly StageFile[];
  readonly notes: readonly string[];
}

const BANDS = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12', 'SCL'] as const;
const LAYERS = ['buildings', 'roads', 'green', 'water'] as const;

export async function groundFiles(_city: City, { sentinel2, osm }: SourceFiles): Promise<Ground> {
  const files: StageFile[] = [];
  const notes: string[] = [];
  for (const band of BANDS) {
    const file = sentinel2.find(({ name }) => new RegExp(`${band}\\.tiff?$`, 'i').test(name));
    if (file !== undefined) files.push(rasterFile(`${band}.tif`, await readGeoTiff(file)));
  }
  for (const layer of LAYERS) {
    const file = osm.find(({ name }) => name.toLowerCase().endsWith(`${layer}.geojson`));
    if (file === undefined) continue;
    const { emptyCount, crossingCount } = readGeoJson(file);
    if (emptyCount > 0) notes.push(`${file.name}: ${emptyCount} features have no geometry`);
    if (crossingCount > 0) notes.push(`${file.name}: ${crossingCount} outlines cross themselves`);
    files.push({
      name: `osm-${layer}.geojson`,
      type: 'application/geo+json',
      bytes: await readFile(file.path),
    });
  }
  files.push(jsonStageFile('stations.json', { stations: [] }));
  return { files, notes };
}
