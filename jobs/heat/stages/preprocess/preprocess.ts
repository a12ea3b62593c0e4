// Stage 2: everything on the configured grid, in °C, within the period, with clouds masked.
import type { RasterMetadata } from '../../../../models/heat/documents.ts';
import type { City } from '../../city/city.ts';
import { targetGrid } from '../../city/target-grid.ts';
import type { Geometry } from '../../formats/geojson/geometry.ts';
import { outlinesFile, outlinesIn, outlinesName } from '../../ground/outlines-file.ts';
import { LAYERS } from '../../ground/layers.ts';
import type { Grid } from '../../raster/grid.ts';
import { jsonStageFile } from '../files.ts';
import type { Stage, StageFile, StageInputs } from '../stage.ts';
import { bandsOf } from './bands.ts';
import { weatherOf } from './weather.ts';

export const preprocess: Stage = {
  name: 'preprocess',
  version: 2,
  reads: ['ingest'],
  settings: ({ grid, extent, period }) => ({ grid, extent: extent.bbox_wgs84, period }),
  run: async ({ city, inputs, progress }) => {
    const target = targetGrid(city);
    const weather = await weatherOf(city, inputs, target);
    progress(0.7, 'preprocess: bands and outlines');
    const bands = await bandsOf(inputs, target);
    const outlines = await outlinesOf(inputs, city);
    const metadata: Record<string, RasterMetadata> = {};
    for (const [name, units] of Object.entries(weather.units)) metadata[name] = metadataOf(target, units);
    for (const { name } of bands) metadata[name.replace('.tif', '')] = metadataOf(target, '1');
    return [...weather.files, ...bands, ...outlines, jsonStageFile('raster_metadata.json', metadata)];
  },
};

/** Degrees: what is a little outside may be the nearest. */
const MARGIN = 0.01;

/** Of each layer the outlines whose box meets that of the city. */
async function outlinesOf(inputs: StageInputs, { extent }: City): Promise<readonly StageFile[]> {
  const names = inputs.names('ingest');
  const [west, south, east, north] = extent.bbox_wgs84;
  const isNear = (geometry: Geometry): boolean => {
    const box = boxOf(geometry);
    return (
      box.west <= east + MARGIN &&
      box.east >= west - MARGIN &&
      box.south <= north + MARGIN &&
      box.north >= south - MARGIN
    );
  };
  const files: StageFile[] = [];
  for (const layer of LAYERS.filter((each) => names.includes(outlinesName(each)))) {
    const geometries = outlinesIn(await inputs.read('ingest', outlinesName(layer)));
    files.push(outlinesFile(layer, geometries.filter(isNear)));
  }
  return files;
}

function boxOf(geometry: Geometry) {
  const paths =
    geometry.kind === 'point' ? [geometry.at] : geometry.kind === 'line' ? [geometry.path] : geometry.rings;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const path of paths)
    for (let at = 0; at < path.length; at += 2) {
      [west, east] = [Math.min(west, path[at]!), Math.max(east, path[at]!)];
      [south, north] = [Math.min(south, path[at + 1]!), Math.max(north, path[at + 1]!)];
    }
  return { west, south, east, north };
}

export const metadataOf = ({ crs, transform, columns, rows }: Grid, units: string): RasterMetadata => {
  const [a, , c, , e, f] = transform;
  return {
    crs,
    transform,
    width: columns,
    height: rows,
    dtype: 'float32',
    nodata: null,
    units,
    bounds: { minx: c, miny: f + e * rows, maxx: c + a * columns, maxy: f },
  };
};
