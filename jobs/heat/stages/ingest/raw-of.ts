// Which raw files of the bucket belong to a source of a city: those whose names begin with its path.
import type { City } from '../../city/city.ts';
import type { RawFile } from '../../input/raw-files.ts';

export interface SourceFiles {
  readonly era5: readonly RawFile[];
  readonly reference: readonly RawFile[];
  readonly sentinel2: readonly RawFile[];
  readonly osm: readonly RawFile[];
  readonly stations: readonly RawFile[];
}

const WEATHER = /\.(grib2?|grb2?|nc4?)$/i;
const RASTERS = /\.tiff?$/i;
const OUTLINES = /\.geojson$/i;
const TEXTS = /\.txt$/i;

/** Where a configuration names no path, the files of the folder with the city's name are meant. */
export function rawOf({ city, sources }: City, raw: readonly RawFile[]): SourceFiles {
  const named = (path: string, pattern: RegExp) =>
    raw
      .filter(({ name }) => name.startsWith(path) && pattern.test(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const own = (source: { readonly path?: string | undefined } | undefined, pattern: RegExp) =>
    source === undefined ? [] : named(source.path ?? `${city}/`, pattern);
  const reference = own(sources.reference, WEATHER);
  const isReference = (file: RawFile) => reference.includes(file);
  return {
    // Both may be in the folder of the city.
    era5: own(sources.era5, WEATHER).filter((file) => !isReference(file)),
    reference,
    sentinel2: own(sources.sentinel2, RASTERS),
    osm: own(sources.osm, OUTLINES),
    stations: own(sources.stations, TEXTS),
  };
}
