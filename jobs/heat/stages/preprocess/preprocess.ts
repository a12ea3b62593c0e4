// Stage 2: everything on the configured grid, in °C, within the period, with clouds masked.
import type { City } from '../../city/city.ts';
import { targetGrid } from '../../city/target-grid.ts';
import type { RasterMetadata } from '../../../../models/heat/documents.ts';
import { cellCount, type Grid, type Raster, type Series } from '../../raster/grid.ts';
import { warp, warpSeries } from '../../raster/warp.ts';
import { jsonStageFile, rasterFile, readRaster, readSeriesFile, seriesFile } from '../files.ts';
import type { Stage, StageFile, StageInputs } from '../stage.ts';

export const preprocess: Stage = {
  name: 'preprocess',
  version: 1,
  reads: ['ingest'],
  settings: ({ grid, extent, period }) => ({ grid, extent: extent.bbox_wgs84, period }),
  run: async ({ city, inputs }) => {
    const target = targetGrid(city);
    const weather = await weatherOf(city, inputs, target);
    const bands = await bandsOf(inputs, target);
    const outlines = await outlinesOf(inputs);
    const metadata = Object.fromEntries([
      ...weather.names.map((name) => [name, metadataOf(target, '°C')]),
      ...bands.map(({ name }) => [name.replace('.tif', ''), metadataOf(target, '1')]),
    ]);
    return [...weather.files, ...bands, ...outlines, jsonStageFile('raster_metadata.json', metadata)];
  },
};

const ZERO_CELSIUS = 273.15;
const DAY_MS = 86_400_000;

const inCelsius = (series: Series): Series =>
  series.units === 'K'
    ? { ...series, units: '°C', values: series.values.map((value) => value - ZERO_CELSIUS) }
    : series;

async function weatherOf(city: City, inputs: StageInputs, target: Grid) {
  const files: StageFile[] = [];
  const names: string[] = [];
  for (const file of inputs.names('ingest').filter((name) => name.endsWith('.series'))) {
    const series = inCelsius(await readSeriesFile(inputs, 'ingest', file));
    if (file === 'reference.series') {
      files.push(seriesFile(file, series));
      continue;
    }
    const name = file.replace('.series', '');
    const cut = within(series, city);
    names.push(name);
    files.push(
      seriesFile(file, cut),
      seriesFile(`${name}_reprojected.series`, warpSeries(cut, target, 'bilinear')),
    );
  }
  return { files, names };
}

function within(series: Series, { period }: City): Series {
  const [from, to] = [Date.parse(period.start), Date.parse(period.end) + DAY_MS];
  const cells = cellCount(series.grid);
  const first = series.hours.findIndex((time) => time >= from);
  const hours = series.hours.filter((time) => time >= from && time < to);
  return { ...series, hours, values: series.values.slice(first * cells, (first + hours.length) * cells) };
}

/** Classes of the scene classification that are no ground: no data, shadows, clouds and cirrus. */
const CLOUDED = new Set([0, 1, 3, 8, 9, 10]);

async function bandsOf(inputs: StageInputs, target: Grid): Promise<readonly StageFile[]> {
  const names = inputs.names('ingest').filter((name) => name.endsWith('.tif'));
  const scene = names.includes('SCL.tif')
    ? warp(await readRaster(inputs, 'ingest', 'SCL.tif'), target, 'nearest')
    : undefined;
  const files: StageFile[] = [];
  for (const name of names) {
    if (name === 'SCL.tif') continue;
    const band = warp(await readRaster(inputs, 'ingest', name), target, 'conservative');
    files.push(rasterFile(name, masked({ ...band, name: name.replace('.tif', '') }, scene)));
  }
  return files;
}

const masked = (band: Raster, scene: Raster | undefined): Raster =>
  scene === undefined
    ? band
    : { ...band, values: band.values.map((value, at) => (CLOUDED.has(scene.values[at]!) ? NaN : value)) };

const outlinesOf = async (inputs: StageInputs): Promise<readonly StageFile[]> =>
  Promise.all(
    inputs
      .names('ingest')
      .filter((name) => name.endsWith('.geojson'))
      .map(async (name) => ({
        name,
        type: 'application/geo+json',
        bytes: await inputs.read('ingest', name),
      })),
  );

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
