// Which raw files belong to a source of a city: those of the bucket whose names begin with its path, or those fetched for it.
import type { City } from '../../city/city.ts';
import { fetchedRole, type FetchedSource } from '../../fetching/fetch-sources.ts';
import type { RawFile } from '../../input/raw-files.ts';

export interface SourceFiles {
  readonly era5: readonly RawFile[];
  readonly reference: readonly RawFile[];
  readonly sentinel2: readonly RawFile[];
  readonly osm: readonly RawFile[];
  readonly stations: readonly RawFile[];
}

/** The role of the bucket's files in the pipeline. */
const RAW = 'raw';
const WEATHER = /\.(grib2?|grb2?|nc4?)$/i;
const RASTERS = /\.tiff?$/i;
const OUTLINES = /\.geojson$/i;
const TEXTS = /\.txt$/i;

/** Where a configuration names no path, the files of the folder with the city's name are meant. */
export function rawOf({ city, sources }: City, raw: readonly RawFile[]): SourceFiles {
  const byName = (files: readonly RawFile[]) =>
    files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const named = (path: string, pattern: RegExp) =>
    byName(raw.filter(({ role, name }) => role === RAW && name.startsWith(path) && pattern.test(name)));
  const own = (source: { readonly path?: string | undefined } | undefined, pattern: RegExp) =>
    source === undefined ? [] : named(source.path ?? `${city}/`, pattern);
  const fetched = (source: FetchedSource, pattern: RegExp) =>
    (sources[source]?.provider ?? 'bucket') === 'bucket'
      ? own(sources[source], pattern)
      : byName(raw.filter(({ role }) => role === fetchedRole(city, source)));
  const reference = own(sources.reference, WEATHER);
  const isReference = (file: RawFile) => reference.includes(file);
  return {
    // Both may be in the folder of the city.
    era5: fetched('era5', WEATHER).filter((file) => !isReference(file)),
    reference,
    sentinel2: fetched('sentinel2', RASTERS),
    osm: fetched('osm', OUTLINES),
    stations: own(sources.stations, TEXTS),
  };
}
