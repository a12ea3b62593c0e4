// Which raw files belong to a source of a city: those of the bucket whose names begin with its path, or fetched ones.
import type { City } from '../../city/city.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { Fetch, FetchedSource } from '../../input/fetch.ts';
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

interface Configured {
  readonly path?: string | undefined;
  readonly provider?: string | undefined;
}

/** Where a configuration names no path, the files of the folder with the city's name are meant. */
export function rawOf({ city, sources }: City, raw: readonly RawFile[]): SourceFiles {
  const own = (source: Configured | undefined, pattern: RegExp): readonly RawFile[] => {
    if (source === undefined || isFetched(source)) return [];
    const path = source.path ?? `${city}/`;
    return raw
      .filter(({ name }) => name.startsWith(path) && pattern.test(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  };
  const reference = own(sources.reference, WEATHER);
  return {
    // Both may be in the folder of the city.
    era5: own(sources.era5, WEATHER).filter((file) => !reference.includes(file)),
    reference,
    sentinel2: own(sources.sentinel2, RASTERS),
    osm: own(sources.osm, OUTLINES),
    stations: own(sources.stations, TEXTS),
  };
}

const isFetched = ({ provider = 'bucket' }: Configured): boolean => provider !== 'bucket';

/** With the files of services. Throws where a source that is configured has no file. */
export async function allFiles(
  city: City,
  raw: readonly RawFile[],
  fetch: Fetch | undefined,
): Promise<SourceFiles> {
  const files = { ...rawOf(city, raw) };
  for (const source of ['era5', 'sentinel2', 'osm'] as const satisfies FetchedSource[]) {
    const configured = city.sources[source];
    if (configured === undefined || !isFetched(configured)) continue;
    if (fetch === undefined)
      refuse(
        city,
        `sources.${source}.provider`,
        `"${configured.provider}"`,
        '"bucket": this job asks no service',
      );
    files[source] = await fetch!(source, city);
  }
  for (const [source, own] of Object.entries(files) as [keyof SourceFiles, readonly RawFile[]][]) {
    const configured: Configured | undefined = city.sources[source];
    if (configured === undefined || own.length > 0) continue;
    refuse(
      city,
      `sources.${source}`,
      'no file',
      `files whose names begin with "${configured.path ?? `${city.city}/`}"`,
    );
  }
  return files;
}

function refuse({ city }: City, place: string, found: string, expected: string): never {
  throw new UnusableFile({ file: `the configuration of ${city}`, place, found, expected });
}
