// Writes a generated city with a known truth: its configuration, weather, bands, outlines and stations, as real files.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bandFiles } from './city/bands.ts';
import { BOX, CENTRE } from './city/ground.ts';
import { netcdfOf } from './city/netcdf.ts';
import { outlineFiles } from './city/outlines.ts';
import { stationFiles } from './city/stations.ts';
import { weatherFrom } from './city/weather.ts';

const NAME = 'villeneuve';
/** Ten days of a summer, the same ones on every day: the files do not change with the day of the start. */
const [START, END] = ['2025-06-21', '2025-06-30'];
const HOUR_MS = 3_600_000;

/** Returns the names of the files. The same seed gives the same files. */
export async function writeCity(folder: string, { seed }: { readonly seed: number }): Promise<string[]> {
  const { fine, coarse } = weatherFrom(Date.parse(START) / HOUR_MS, seed);
  const files: [name: string, content: string | Buffer][] = [
    [`${NAME}/era5_t2m.nc`, netcdfOf(coarse)],
    [`${NAME}/truth_t2m.nc`, netcdfOf(fine)],
    ...[...bandFiles(seed)].map(([band, bytes]): [string, Buffer] => [
      `${NAME}/sentinel2_2025-06-18_${band}.tif`,
      bytes,
    ]),
    ...[...outlineFiles(seed)].map(([layer, text]): [string, string] => [
      `${NAME}/osm_${layer}.geojson`,
      text,
    ]),
    ...[...stationFiles(fine, seed)].map(([name, text]): [string, string] => [
      `${NAME}/stations/${name}`,
      text,
    ]),
    // Last, since a run needs it and all that it names.
    [`${NAME}.yml`, CONFIGURATION],
  ];
  for (const [name, content] of files) await writeWhole(folder, name, content);
  return files.map(([name]) => name);
}

/** A name that begins with a dot is not taken into the bucket, so no reader gets half a file. */
async function writeWhole(folder: string, name: string, content: string | Buffer): Promise<void> {
  const path = join(folder, name);
  const partial = join(dirname(path), `.${name.replaceAll('/', '-')}.partial`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(partial, content);
  await rename(partial, path);
}

const CONFIGURATION = `# A generated city with a known truth.
city: ${NAME}
period:
  start: ${START}
  end: ${END}
grid:
  crs: EPSG:3857
  resolution_m: 200
extent:
  bbox_wgs84: [${BOX.join(', ')}]
  center: [${CENTRE.join(', ')}]
variables: [t2m]
sources:
  era5:
    path: ${NAME}/era5_
  reference:
    path: ${NAME}/truth_
  sentinel2:
    path: ${NAME}/sentinel2_
    bands: [B4, B8, B11]
  osm:
    path: ${NAME}/osm_
  stations:
    path: ${NAME}/stations/
indicators:
  threshold_celsius: 30
`;
