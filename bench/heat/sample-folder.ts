// A folder of three cities over the shared real files: London (ERA5, its own truth), Paris (daily ERA5, OpenStreetMap), and
// Treichville (two Sentinel-2 scenes; its weather is generated, since the shared data has none there).
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { netcdfOf } from '../../local/sample/city/netcdf.ts';

export const SHARED_HEAT = '../shared/data/heat';

const LONDON = `
city: london
period: { start: 2019-03-16, end: 2019-03-23 }
grid: { crs: EPSG:32630, resolution_m: 10000 }
extent: { bbox_wgs84: [-10.0, 50.2, 1.8, 58.0] }
sources: { era5: { coarsen: 4 } }
indicators: { threshold_celsius: 12 }
`;
const PARIS = `
city: paris
period: { start: 2024-10-01, end: 2024-10-31 }
grid: { crs: EPSG:2154, resolution_m: 50 }
extent: { bbox_wgs84: [2.340, 48.852, 2.385, 48.875] }
variables: [t2m, u10, v10]
sources: { era5: { path: paris/ }, osm: {} }
indicators: { threshold_celsius: 15 }
`;
const TREICHVILLE = `
city: treichville
period: { start: 2024-01-29, end: 2024-01-31 }
grid: { crs: EPSG:32630, resolution_m: 20 }
extent: { bbox_wgs84: [-4.0205, 5.2950, -4.0018, 5.3160] }
sources: { era5: {}, sentinel2: {} }
`;

export function writeSampleFolder(folder: string, shared = SHARED_HEAT): void {
  const copy = (from: string, city: string, pattern: RegExp) => {
    mkdirSync(join(folder, city), { recursive: true });
    for (const name of readdirSync(join(shared, from)).filter((each) => pattern.test(each)))
      cpSync(join(shared, from, name), join(folder, city, name));
  };
  copy('era5', 'london', /\.grib$/);
  copy('era5/daily-northern-france-2024-10', 'paris', /^(2m_temperature|10m_).*\.nc$/);
  copy('osm', 'paris', /^paris-marais_.*\.geojson$/);
  copy('sentinel2/abidjan-treichville', 'treichville', /\.tif$/);
  writeFileSync(join(folder, 'treichville', 'era5.nc'), generatedWeather());
  for (const [city, text] of Object.entries({ london: LONDON, paris: PARIS, treichville: TREICHVILLE }))
    writeFileSync(join(folder, `${city}.yml`), text);
}

/** Three days of hours on 8 × 8 cells around the quarter. */
function generatedWeather(): Buffer {
  const [side, step, count] = [8, 0.1, 72];
  const first = Date.parse('2024-01-29T00:00Z') / 3_600_000;
  const hours = Array.from({ length: count }, (_, at) => first + at);
  const centres = (middle: number, sign: number) =>
    Array.from({ length: side }, (_, at) => Number((middle + sign * step * (at - 3.5)).toFixed(6)));
  const values = Float32Array.from({ length: count * side ** 2 }, (_, at) => {
    const [hour, cell] = [Math.floor(at / side ** 2), at % side ** 2];
    return 300 + 3 * Math.sin(hour / 3.8) + (cell % side) / 10 + Math.floor(cell / side) / 20;
  });
  return netcdfOf({
    ...{ name: 't2m', units: 'K', hours, values },
    latitudes: centres(5.3055, -1),
    longitudes: centres(-4.0112, 1),
  });
}
