// The bands of Sentinel-2 scenes: which files belong to one scene, which scenes show the city, and how clear they are.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { City } from '../../city/city.ts';
import { readGeoTiff } from '../../formats/geotiff/read-geotiff.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { rangeOf } from '../../formats/values.ts';
import { classesOf } from '../../ground/scene-classes.ts';
import { isClear } from '../../ground/clouds.ts';
import type { RawFile } from '../../input/raw-files.ts';
import { placeOf, type Raster } from '../../raster/grid.ts';
import { transformation } from '../../raster/projections.ts';
import { coded } from '../../texts/coded.ts';
import { rasterFile } from '../files.ts';
import type { StageFile } from '../stage.ts';
import type { Ingested } from './weather.ts';

/** The bands of the configuration, `B4`, are written `B04` in products. */
const BAND = /^(.*?)[_-]?(B0?[2348]|B1[12]|SCL)(?:_\d{2}m)?\.tiff?$/i;
const DEFAULT_BANDS = ['B4', 'B8', 'B11'];
/** The clearest ones; a season has about so many. */
const MOST_SCENES = 12;
/** Stored as whole numbers, a reflectance is so many times as large. */
const STORED_TIMES = 10_000;
const LARGEST_REFLECTANCE = 10;

interface Scene {
  readonly name: string;
  readonly bands: ReadonlyMap<string, RawFile>;
}

interface ReadScene {
  readonly name: string;
  readonly files: readonly Raster[];
  /** Of its pixels, 0 to 1; 1 where there is no classification. */
  readonly clear: number;
  /** No band has dark pixels, as if an offset had not been taken away. */
  readonly isBright: boolean;
}

/** `1_B04.tif`, `1_SCL.tif`, `2_B04.tif`, …: scene 1 is the clearest. */
export async function sceneFiles(city: City, raw: readonly RawFile[]): Promise<Ingested> {
  if (raw.length === 0) return { files: [], notes: [] };
  const wanted = [...(city.sources.sentinel2?.bands ?? DEFAULT_BANDS), 'SCL'].map(fullName);
  const scenes = scenesOf(raw);
  const read: ReadScene[] = [];
  const notes: Coded[] = [];
  for (const scene of scenes) {
    const one = await readScene(scene, wanted, city.sources.sentinel2?.boa_add_offset);
    if (shows(one, city)) read.push(one);
    else notes.push(coded('scene-elsewhere', { scene: scene.name, city: city.city }));
  }
  if (read.length === 0) throw elsewhere(city, raw[0]!.name);
  const clearest = read.toSorted((one, other) => other.clear - one.clear).slice(0, MOST_SCENES);
  const files = clearest.flatMap(({ files: bands }, at) =>
    bands.map((band): StageFile => rasterFile(`${at + 1}_${band.name}.tif`, band)),
  );
  const shown = clearest.map(({ name, clear }) =>
    coded('scene-clear', { scene: name, percent: Number((100 * clear).toFixed(1)) }),
  );
  const bright = clearest
    .filter(({ isBright }) => isBright)
    .map(({ name }) => coded('scene-bright', { scene: name, dark: DARK }));
  return { files, notes: [...notes, ...shown, ...bright] };
}

const fullName = (band: string): string => band.toUpperCase().replace(/^B(\d)$/, 'B0$1');

/** Files whose names differ only in the band. */
function scenesOf(raw: readonly RawFile[]): readonly Scene[] {
  const scenes = new Map<string, Map<string, RawFile>>();
  for (const file of raw) {
    const [, scene = '', band = ''] = BAND.exec(file.name) ?? [];
    if (band === '')
      throw new UnusableFile({
        file: file.name,
        found: 'a name without a band',
        expected: 'a name that ends with the band, such as 2024-08-01_B04.tif',
      });
    const bands = scenes.get(scene) ?? new Map<string, RawFile>();
    scenes.set(scene, bands);
    const same = bands.get(fullName(band));
    if (same !== undefined)
      throw new UnusableFile({
        file: file.name,
        found: `the band ${fullName(band)}, which ${same.name} has as well`,
        expected: 'each band of a scene in one file',
      });
    bands.set(fullName(band), file);
  }
  return [...scenes].map(([name, bands]) => ({ name, bands }));
}

async function readScene(
  { name, bands }: Scene,
  wanted: readonly string[],
  offset: number | undefined,
): Promise<ReadScene> {
  const files: Raster[] = [];
  let clear = 1;
  let isBright = offset === undefined;
  for (const band of wanted) {
    const file = bands.get(band);
    if (file === undefined) continue;
    if (band === 'SCL') {
      const classes = await classesOf(file);
      clear = clearShare(classes);
      files.push({ ...classes, name: band });
    } else {
      const stored = await readGeoTiff(file);
      isBright &&= isWithoutDark(stored);
      files.push({ ...reflectances(file.name, stored, offset), name: band });
    }
  }
  if (files.some((file) => file.name !== 'SCL')) return { name, files, clear, isBright };
  const [first] = bands.values();
  throw new UnusableFile({
    file: first!.name,
    found: `a scene of ${[...bands.keys()].join(', ')}`,
    expected: `at least one of ${wanted.filter((band) => band !== 'SCL').join(', ')}`,
  });
}

function clearShare({ values }: Raster): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.filter(isClear).length / known.length;
}

/** What the offset of baseline 04.00 lifts all reflectances to, as they are stored: water and shade are far below. */
const DARK = 1_000;
const FEWEST_DARK = 0.01;

function isWithoutDark({ values }: Raster): boolean {
  let [dark, known] = [0, 0];
  for (const value of values) {
    if (!(value > 0)) continue;
    known++;
    if (value < DARK) dark++;
  }
  return known > 0 && dark < FEWEST_DARK * known;
}

/** As numbers around 0 to 1, however they are stored. `offset` is added to whole numbers, of which 0 then is no value. */
function reflectances(file: string, raster: Raster, offset?: number): Raster {
  const { least, most } = rangeOf(raster.values);
  if (most <= LARGEST_REFLECTANCE && least >= -LARGEST_REFLECTANCE) return { ...raster, units: '1' };
  if (most > 6.6 * STORED_TIMES || least < -STORED_TIMES)
    throw new UnusableFile({
      file,
      found: `values from ${least} to ${most}`,
      expected: `reflectances, 0 to 1 or 0 to ${STORED_TIMES}`,
    });
  const values = raster.values.map((value) =>
    offset !== undefined && value === 0 ? NaN : (value + (offset ?? 0)) / STORED_TIMES,
  );
  return { ...raster, units: '1', values };
}

/** Whether the place of any band meets the box of the city. */
function shows({ files }: ReadScene, { extent }: City): boolean {
  const [west, south, east, north] = extent.bbox_wgs84;
  return files.some(({ grid }) => {
    const toDegrees = transformation(grid.crs, 'EPSG:4326');
    const corners = [0, grid.columns].flatMap((column) =>
      [0, grid.rows].map((row) => toDegrees(...placeOf(grid, column, row))),
    );
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return (
      Math.min(...xs) < east && Math.max(...xs) > west && Math.min(...ys) < north && Math.max(...ys) > south
    );
  });
}

const elsewhere = ({ city, extent }: City, file: string): UnusableFile =>
  new UnusableFile({
    file,
    found: 'a scene of another place',
    expected: `a scene that shows a part of ${city}, ${extent.bbox_wgs84.join(', ')}`,
  });
