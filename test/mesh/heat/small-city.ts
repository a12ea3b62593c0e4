// A city that is small enough for a test of the whole mesh: 16 × 16 cells of four days, with its truth.
import { netcdfOf } from '../../../local/sample/city/netcdf.ts';

const DAYS = 4;
const FIRST = Date.parse('2025-06-21T00:00Z') / 3_600_000;
const [FINE, BLOCK, STEP] = [32, 4, 0.005];
const [WEST, NORTH] = [2.28, 48.93];

const configuration = (city: string, threshold: number, more: string): string => `
city: ${city}
period: { start: 2025-06-21, end: 2025-06-24 }
grid: { crs: EPSG:3857, resolution_m: 1000 }
extent: { bbox_wgs84: [2.3, 48.8, 2.4, 48.9] }
sources:
  era5: { path: ${city}/era5 }
  reference: { path: ${city}/truth }
indicators: { threshold_celsius: ${threshold} }
${more}`;

/** The files of the city by their names; `more` ends its configuration. */
export function smallCity(city: string, threshold = 20, more = ''): ReadonlyMap<string, string | Buffer> {
  const hours = Array.from({ length: 24 * DAYS }, (_, at) => at);
  const values = Float32Array.from({ length: hours.length * FINE ** 2 }, (_, at) => {
    const [hour, cell] = [Math.floor(at / FINE ** 2), at % FINE ** 2];
    const [row, column] = [Math.floor(cell / FINE), cell % FINE];
    const centre = Math.exp(-(((row - 16) / 6) ** 2) - ((column - 16) / 6) ** 2);
    return (
      291 + 6 * Math.sin(hour / 3.8) + 3 * centre * (1 + Math.cos(hour / 3.8)) + Math.sin(row + hour / 9) / 4
    );
  });
  return new Map<string, string | Buffer>([
    [`${city}.yml`, configuration(city, threshold, more)],
    [`${city}/truth.nc`, fileOf(hours, FINE, STEP, values)],
    [`${city}/era5.nc`, fileOf(hours, FINE / BLOCK, STEP * BLOCK, means(values, hours.length))],
  ]);
}

function means(fine: Float32Array, hours: number): Float32Array {
  const side = FINE / BLOCK;
  const coarse = new Float32Array(hours * side ** 2);
  fine.forEach((value, at) => {
    const [hour, cell] = [Math.floor(at / FINE ** 2), at % FINE ** 2];
    const [row, column] = [Math.floor(cell / FINE / BLOCK), Math.floor((cell % FINE) / BLOCK)];
    coarse[(hour * side + row) * side + column]! += value / BLOCK ** 2;
  });
  return coarse;
}

function fileOf(hours: readonly number[], side: number, step: number, values: Float32Array): Buffer {
  const centres = (start: number, sign: number) =>
    Array.from({ length: side }, (_, at) => Number((start + sign * step * (at + 0.5)).toFixed(6)));
  const all = { name: 't2m', units: 'K', hours: hours.map((hour) => FIRST + hour), values };
  return netcdfOf({ ...all, latitudes: centres(NORTH, -1), longitudes: centres(WEST, 1) });
}
