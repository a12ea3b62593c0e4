// The kinds of files that stages exchange, written and read: rasters, series, and JSON.
import { writeCog } from '../formats/cog/write-cog.ts';
import { readGeoTiffFrom } from '../formats/geotiff/read-geotiff.ts';
import { UnusableFile } from '../formats/unusable.ts';
import type { Raster, Series } from '../raster/grid.ts';
import { seriesBytes, seriesIn, SERIES_TYPE } from './series-file.ts';
import type { StageFile, StageInputs, StageName } from './stage.ts';

export const rasterFile = (name: string, raster: Raster): StageFile => ({
  name,
  type: 'image/tiff',
  bytes: Buffer.concat([...writeCog(raster)]),
});

export const seriesFile = (name: string, series: Series): StageFile => ({
  name,
  type: SERIES_TYPE,
  bytes: seriesBytes(series),
});

export const jsonStageFile = (name: string, value: unknown): StageFile => ({
  name,
  type: 'application/json',
  bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
});

export const readRaster = async (inputs: StageInputs, stage: StageName, name: string): Promise<Raster> =>
  rasterIn(name, await inputs.read(stage, name));

export const readSeriesFile = async (inputs: StageInputs, stage: StageName, name: string): Promise<Series> =>
  seriesIn(await inputs.read(stage, name));

export const readJsonFile = async (inputs: StageInputs, stage: StageName, name: string): Promise<unknown> =>
  JSON.parse((await inputs.read(stage, name)).toString('utf8'));

/** A GeoTIFF in memory. */
export const rasterIn = (name: string, bytes: Buffer): Promise<Raster> =>
  readGeoTiffFrom(
    {
      name,
      sizeBytes: bytes.length,
      read(offset, length, place) {
        if (offset + length <= bytes.length) return bytes.subarray(offset, offset + length);
        const found = `the end of the file at byte ${bytes.length}`;
        throw new UnusableFile({ file: name, place, found, expected: `${length} bytes from byte ${offset}` });
      },
    },
    {},
  );
