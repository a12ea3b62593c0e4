// Sentinel-2 bands of the extent: searches for scenes, chooses the clearest, and reads of their images the tiles that it needs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { City } from '../../city/city.ts';
import { boundsIn } from '../../city/target-grid.ts';
import { writeCog } from '../../formats/cog/write-cog.ts';
import { readGeoTiffFrom, type Window } from '../../formats/geotiff/read-geotiff.ts';
import { LIMITS } from '../../formats/limits.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { Grid, Raster } from '../../raster/grid.ts';
import { describedFile, type FetchedFile } from '../fetched-files.ts';
import { allowedUrl } from '../places.ts';
import type { Sending } from '../http/sender.ts';
import type { FetchPorts } from '../ports.ts';
import { chooseScenes } from './choose-scene.ts';
import { RangeSource } from './range-source.ts';
import { searchScenes, type Scene, type SceneSearch } from './search.ts';

/** Bands by their names in a configuration: the asset of the catalogue, and the name that later stages know. */
const BANDS = {
  B2: { asset: 'blue', name: 'B02' },
  B3: { asset: 'green', name: 'B03' },
  B4: { asset: 'red', name: 'B04' },
  B8: { asset: 'nir', name: 'B08' },
  B11: { asset: 'swir16', name: 'B11' },
  B12: { asset: 'swir22', name: 'B12' },
} as const;
const CLASSES = { asset: 'scl', name: 'SCL' } as const;
/** What the indices need. */
const DEFAULT_BANDS = ['B4', 'B8', 'B11'] as const;

const DEFAULT_COLLECTION = 'sentinel-2-l2a';
/** Names of the same data in other catalogues. */
const COLLECTIONS = new Map([['COPERNICUS/S2_SR_HARMONIZED', DEFAULT_COLLECTION]]);
const DAY_MS = 86_400_000;
/** Satellites pass every five days, and clouds hide the ground: scenes of a short period's neighbourhood count. */
const FEWEST_DAYS = 30;
/** Around the extent, so that averages at its edge have all their cells. */
const MARGIN_METRES = 100;
/** 4,096 × 4,096: 41 km of cells of 10 m. */
const MOST_CELLS = 2 ** 24;
/** What clouds hide in one, another may show. */
const MOST_SCENES = 3;
const DIGITAL_NUMBERS = 10_000;
/** Of processing baseline 04.00 and later, where the catalogue has not taken it away. */
const OFFSET = -0.1;

export interface BandsAsked extends SceneSearch {
  readonly bands: readonly { readonly asset: string; readonly name: string }[];
}

/** What is asked for: all that the bands depend on. */
export function bandsAsked({ period, extent, sources }: City): BandsAsked {
  const { collection = DEFAULT_COLLECTION, bands = DEFAULT_BANDS } = sources.sentinel2 ?? {};
  return {
    collection: COLLECTIONS.get(collection) ?? collection,
    bbox: extent.bbox_wgs84,
    datetime: around(period),
    bands: [...bands.map((band) => BANDS[band]), CLASSES],
  };
}

function around({ start, end }: City['period']): string {
  const [from, to] = [Date.parse(start), Date.parse(end) + DAY_MS];
  const more = Math.max(0, Math.ceil((FEWEST_DAYS - (to - from) / DAY_MS) / 2)) * DAY_MS;
  const shown = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return `${shown(from - more)}/${shown(to + more - 1000)}`;
}

export async function fetchBands(
  { sending }: FetchPorts,
  asked: BandsAsked,
  extent: City['extent']['bbox_wgs84'],
  onDisk: string,
): Promise<readonly FetchedFile[]> {
  const file = `${asked.collection} ${asked.datetime}`;
  const scenes = await searchScenes(sending, file, asked);
  const assets = asked.bands.map(({ asset }) => asset);
  const chosen = chooseScenes(scenes, extent, assets, MOST_SCENES);
  if (chosen.length === 0)
    throw new UnusableFile({
      file,
      found: `${scenes.length} scenes, of which none has the bands over the extent`,
      expected: 'at least one scene; a longer period has more',
    });
  const files: FetchedFile[] = [];
  for (const { scene, share } of chosen) {
    const clouds = scene.properties['eo:cloud_cover'] ?? NaN;
    const cover = `${clouds} % clouds, ${(100 * share).toFixed(0)} % of the extent`;
    sending.info(`${file}: reads scene ${scene.id}, of ${scenes.length}: ${cover}`);
    for (const band of asked.bands)
      files.push(await readBand(sending, { scene, band, extent, file, onDisk }));
  }
  return files;
}

interface BandToRead {
  readonly scene: Scene;
  readonly band: BandsAsked['bands'][number];
  readonly extent: City['extent']['bbox_wgs84'];
  readonly file: string;
  readonly onDisk: string;
}

async function readBand(
  sending: Sending,
  { scene, band, extent, file, onDisk }: BandToRead,
): Promise<FetchedFile> {
  const url = allowedUrl(scene.assets[band.asset]!.href, new URL(sending.places.stac), sending.places, file);
  const source = await RangeSource.open(sending, `${scene.id} ${band.name}`, url);
  const read = await readGeoTiffFrom(source, {
    window: (grid) => windowOf(source.name, grid, extent),
    isStoredForm: true,
    limits: { ...LIMITS, mostCells: MOST_CELLS },
  });
  const raster = band === CLASSES ? read : reflectance(read, scene, band.asset);
  const name = `${scene.id}_${band.name}.tif`;
  const path = join(onDisk, name);
  await writeFile(path, writeCog({ ...raster, name: band.name, units: '1' }));
  sending.info(`${source.name}: read ${source.fetchedBytes} of ${source.sizeBytes} bytes`);
  return describedFile(name, path);
}

/** Cells of the scene that the extent and its margin need. */
function windowOf(file: string, grid: Grid, extent: City['extent']['bbox_wgs84']): Window {
  const [a, b, c, d, e, f] = grid.transform;
  if (b !== 0 || d !== 0 || !(a > 0) || !(e < 0))
    throw new UnusableFile({ file, found: 'an image that is turned', expected: 'an image with north above' });
  const [west, south, east, north] = boundsIn(grid.crs, extent);
  const margin = grid.crs === 'EPSG:4326' ? MARGIN_METRES / 111_320 : MARGIN_METRES;
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const window = {
    left: within(Math.floor((west - margin - c) / a), grid.columns),
    top: within(Math.floor((north + margin - f) / e), grid.rows),
    right: within(Math.ceil((east + margin - c) / a), grid.columns),
    bottom: within(Math.ceil((south - margin - f) / e), grid.rows),
  };
  if (window.left < window.right && window.top < window.bottom) return window;
  throw new UnusableFile({ file, found: 'an image beside the extent', expected: 'cells of the extent' });
}

/** Reflectance, 0 to 1 and a little over; no value where the satellite did not look. */
function reflectance(raster: Raster, { assets, properties }: Scene, asset: string): Raster {
  const [own] = assets[asset]?.['raster:bands'] ?? [];
  const scale = own?.scale ?? 1 / DIGITAL_NUMBERS;
  const isNew = Number(properties['s2:processing_baseline'] ?? 0) >= 4;
  const offset =
    properties['earthsearch:boa_offset_applied'] === true ? 0 : (own?.offset ?? (isNew ? OFFSET : 0));
  const values = raster.values.map((value) => (value === 0 ? NaN : value * scale + offset));
  return { ...raster, values };
}
