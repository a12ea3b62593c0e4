// The generated city from above: the bands of a Sentinel-2 scene, in UTM, and its classification with a small cloud.
import proj4 from 'proj4';
import { bell } from '../chance.ts';
import { geotiffOf } from './geotiff.ts';
import { BOX, groundAt } from './ground.ts';

const UTM = '+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs';
const EPSG = 32631;
const CELL = 100;
const TIMES = 10_000;
/** Reflectances of a place that is all built, all green, all water, and of bare soil. */
const SPECTRA = {
  B04: [0.16, 0.035, 0.04, 0.14],
  B08: [0.21, 0.42, 0.03, 0.25],
  B11: [0.27, 0.17, 0.02, 0.31],
} as const;
const [VEGETATION, BARE, WATER, CLOUD] = [4, 5, 6, 9];
const CLOUD_AT = [2.41, 48.81] as const;
const CLOUD_RADIUS = 0.007;

/** The contents of each band's file, by its name. */
export function bandFiles(seed: number): ReadonlyMap<string, Buffer> {
  const toDegrees = proj4(UTM, 'EPSG:4326');
  const [west, south, east, north] = boundsInUtm();
  const [columns, rows] = [Math.ceil((east - west) / CELL), Math.ceil((north - south) / CELL)];
  const grounds = Array.from({ length: columns * rows }, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const place = [west + (column + 0.5) * CELL, north - (row + 0.5) * CELL];
    const [longitude, latitude] = toDegrees.forward(place) as [number, number];
    return { ...groundAt(longitude, latitude), isClouded: isCloud(longitude, latitude) };
  });
  const band = (valueOf: (ground: (typeof grounds)[number], at: number) => number): Buffer =>
    geotiffOf({
      columns,
      rows,
      epsg: EPSG,
      west,
      north,
      cell: CELL,
      values: Uint16Array.from(grounds, valueOf),
    });
  const files = new Map<string, Buffer>();
  for (const [index, [name, [built, green, water, bare]]] of Object.entries(SPECTRA).entries())
    files.set(
      name,
      band((ground, at) => {
        const soil = Math.max(0, 1 - ground.built - ground.green - ground.water);
        const light = ground.built * built + ground.green * green + ground.water * water + soil * bare;
        const seen = ground.isClouded ? 0.6 : light * (1 + 0.03 * bell(seed, index, at));
        return Math.max(1, Math.round(seen * TIMES));
      }),
    );
  files.set('SCL', band(classOf));
  return files;
}

const isCloud = (longitude: number, latitude: number): boolean =>
  Math.hypot(longitude - CLOUD_AT[0], latitude - CLOUD_AT[1]) < CLOUD_RADIUS;

function classOf({ built, green, water, isClouded }: ReturnType<typeof groundAt> & { isClouded: boolean }) {
  if (isClouded) return CLOUD;
  if (water > 0.5) return WATER;
  return green > built ? VEGETATION : BARE;
}

/** To whole cells. */
function boundsInUtm(): readonly [west: number, south: number, east: number, north: number] {
  const [west, south, east, north] = BOX;
  const forward = proj4('EPSG:4326', UTM);
  const corners = [west, east].flatMap((x) => [south, north].map((y) => forward.forward([x, y]) as number[]));
  const [xs, ys] = [corners.map(([x]) => x!), corners.map(([, y]) => y!)];
  const down = (value: number) => Math.floor(value / CELL - 1) * CELL;
  const up = (value: number) => Math.ceil(value / CELL + 1) * CELL;
  return [down(Math.min(...xs)), down(Math.min(...ys)), up(Math.max(...xs)), up(Math.max(...ys))];
}
