// How a raw file says that it was fetched from a service, for one source of one city.

export type FetchedSource = 'era5' | 'sentinel2' | 'osm';

/** The role of such a file; files of the bucket have the role of the pipeline. */
export const fetchedRole = (city: string, source: FetchedSource): string => `fetched ${city} ${source}`;
