// How the series of a forecast are divided into files, and the names of these.

export const INDEX_FILE = 'forecast/index.json';
export const CLUSTERS_FILE = 'forecast/clusters.json';
/** From 1 on. */
export const sitesFile = (number: number): string => `forecast/sites-${number}.json`;

/** The days of so many sites stand in one file: a page reads one site, and half a megabyte for it at most. */
export const SITES_PER_FILE = 50;
/** So many clusters, the largest, have days of their own. */
export const MOST_CLUSTERS = 100;
/** An index of 5,000 sites has about 2 MB, and a file of 50 sites half a megabyte; longer ones are an error. */
export const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
