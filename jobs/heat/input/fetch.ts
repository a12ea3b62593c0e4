// The port to services that a source's files are fetched from, when its `provider` is not the bucket.
import type { City } from '../city/city.ts';
import type { RawFile } from './raw-files.ts';

export type FetchedSource = 'era5' | 'sentinel2' | 'osm';

/**
 * Fetches the files of a source for the box and the period of a city. Their names end as those of files in the bucket
 * do: `t2m.nc`, `2025-06-18_B04.tif`, `buildings.geojson`. Throws `UnusableFile` where the configuration is at fault.
 */
export type Fetch = (source: FetchedSource, city: City) => Promise<readonly RawFile[]>;
