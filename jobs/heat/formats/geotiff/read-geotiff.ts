// Reads one band of a GeoTIFF as a layer: nodata as NaN, scale and offset applied, its unit and its name.
import { GeoTIFF, type GeoTIFFImage } from 'geotiff';
import type { Grid, Raster } from '../../raster/grid.ts';
import { boundCells, LIMITS, type Limits } from '../limits.ts';
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import { unitsOf } from '../variables.ts';
import { checkBounds } from './bounds.ts';
import { registerDecoders } from './decoders.ts';
import { readDirectory, type ByteSource } from './directory.ts';
import { crsOf, transformOf } from './place.ts';

export interface BandRequest {
  /** Counted from 1. */
  readonly band?: number;
  readonly limits?: Limits;
  /** The part of the image that is read, and that the limit of cells holds for; the whole image when absent. */
  readonly window?: (grid: Grid) => Window;
  /** The numbers as they are stored, without the scale and the offset of the file's metadata. */
  readonly isStoredForm?: boolean;
}

/** Cells of an image: from `left` and `top` to before `right` and `bottom`. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Throws `UnusableFile`. */
export async function readGeoTiff(input: InputFile, request: BandRequest = {}): Promise<Raster> {
  using file = new OpenedFile(input);
  return await readGeoTiffFrom(file, request);
}

/** Of a source of any kind, such as ranges of an object; only the first image is read, not the overviews. */
export async function readGeoTiffFrom(source: ByteSource, request: BandRequest): Promise<Raster> {
  const { limits = LIMITS, window } = request;
  const directory = await readDirectory(source);
  checkBounds(source, directory, window === undefined ? limits.mostCells : Number.MAX_SAFE_INTEGER);
  registerDecoders();
  try {
    const tiff = await GeoTIFF.fromSource(asLibrarySource(source));
    return await rasterOf(source.name, await tiff.getImage(0), request);
  } catch (cause) {
    if (cause instanceof UnusableFile) throw cause;
    const found = `damaged TIFF (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new UnusableFile({ file: source.name, found, expected: 'tiles that can be read' }, { cause });
  }
}

type LibrarySource = Parameters<typeof GeoTIFF.fromSource>[0];

/** The library asks for a little more than the file has, and takes what there is. */
function asLibrarySource(source: ByteSource): LibrarySource {
  const fetchSlice = async ({ offset, length }: { offset: number; length: number }) => {
    const available = Math.max(0, Math.min(length, source.sizeBytes - offset));
    const bytes = await source.read(offset, available);
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return { offset, length: available, data };
  };
  return {
    fetchSlice,
    fetch: async (slices) => Promise.all(slices.map(async (slice) => (await fetchSlice(slice)).data)),
    fileSize: source.sizeBytes,
    close: () => Promise.resolve(),
  };
}

async function rasterOf(
  file: string,
  image: GeoTIFFImage,
  { band = 1, limits = LIMITS, window, isStoredForm = false }: BandRequest,
): Promise<Raster> {
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file, found, expected });
  };
  const bands = image.getSamplesPerPixel();
  if (band < 1 || band > bands) refuse(`${bands} bands`, `a band ${band}`);
  const whole: Grid = {
    crs: crsOf(image, refuse),
    columns: image.getWidth(),
    rows: image.getHeight(),
    transform: transformOf(image, refuse),
  };
  const part = window?.(whole);
  const grid = part === undefined ? whole : gridOf(whole, part);
  boundCells({ file }, grid.columns, grid.rows, limits.mostCells);
  const metadata = (await image.getGDALMetadata(band - 1)) ?? {};
  const stored = await image.readRasters({
    samples: [band - 1],
    interleave: true,
    ...(part === undefined ? {} : { window: [part.left, part.top, part.right, part.bottom] }),
  });
  const text = (name: string): string | undefined =>
    typeof metadata[name] === 'string' ? metadata[name] : undefined;
  const [scale, offset] = isStoredForm ? [] : [text('SCALE'), text('OFFSET')];
  const values = valuesOf(stored, image.getGDALNoData(), scale, offset);
  const units = unitsOf(text('UNITTYPE') ?? '1');
  return { grid, values, units, name: text('DESCRIPTION') ?? `band ${band}` };
}

function gridOf({ crs, transform: [a, b, c, d, e, f] }: Grid, { left, top, right, bottom }: Window): Grid {
  const transform = [a, b, a * left + b * top + c, d, e, d * left + e * top + f] as const;
  return { crs, columns: right - left, rows: bottom - top, transform };
}

function valuesOf(stored: ArrayLike<number>, nodata: number | null, scale = '1', offset = '0'): Float32Array {
  const [times, plus] = [Number(scale), Number(offset)];
  // A nodata of float32 is written with fewer digits than it has.
  const missing = nodata === null ? undefined : stored instanceof Float32Array ? Math.fround(nodata) : nodata;
  return Float32Array.from(stored, (value) => (value === missing ? NaN : value * times + plus));
}
