// Which raw files belong to a source of a city: those of the bucket whose names begin with its path, or fetched ones.
import type { City } from '../../city/city.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { fetchedRole, type FetchedSource } from '../../input/fetched.ts';
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

interface Configured {
  readonly path?: string | undefined;
  readonly provider?: string | undefined;
}

/** Where a configuration names no path, the files of the folder with the city's name are meant. */
export function rawOf({ city, sources }: City, raw: readonly RawFile[]): SourceFiles {
  const own = (source: Configured | undefined, pattern: RegExp): readonly RawFile[] => {
    if (source === undefined || isFetched(source)) return [];
    const path = source.path ?? `${city}/`;
    return byName(
      raw.filter(({ role, name }) => role === RAW && name.startsWith(path) && pattern.test(name)),
    );
  };
  const fetched = (source: FetchedSource): readonly RawFile[] =>
    byName(raw.filter(({ role }) => role === fetchedRole(city, source)));
  const reference = own(sources.reference, WEATHER);
  return {
    // Both may be in the folder of the city.
    era5: [...own(sources.era5, WEATHER).filter((file) => !reference.includes(file)), ...fetched('era5')],
    reference,
    sentinel2: [...own(sources.sentinel2, RASTERS), ...fetched('sentinel2')],
    osm: [...own(sources.osm, OUTLINES), ...fetched('osm')],
    stations: own(sources.stations, TEXTS),
  };
}

const byName = (files: readonly RawFile[]): readonly RawFile[] =>
  files.toSorted((one, other) => (one.name < other.name ? -1 : 1));

const isFetched = ({ provider = 'bucket' }: Configured): boolean => provider !== 'bucket';

/** Throws where a source that is configured has no file. */
export function allFiles(city: City, raw: readonly RawFile[]): SourceFiles {
  const files = rawOf(city, raw);
  for (const [source, own] of Object.entries(files) as [keyof SourceFiles, readonly RawFile[]][]) {
    const configured: Configured | undefined = city.sources[source];
    if (configured === undefined || own.length > 0) continue;
    refuse(
      city,
      `sources.${source}`,
      'no file',
      isFetched(configured)
        ? `files that are fetched from ${configured.provider}`
        : `files whose names begin with "${configured.path ?? `${city.city}/`}"`,
    );
  }
  return files;
}

function refuse({ city }: City, place: string, found: string, expected: string): never {
  throw new UnusableFile({ file: `the configuration of ${city}`, place, found, expected });
}
