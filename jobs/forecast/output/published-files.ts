// The files from which the console shows a forecast: an index, the clusters, and the sites some at a time.
import { CLUSTERS_FILE, INDEX_FILE, sitesFile, SITES_PER_FILE } from '../../../models/forecast/files.ts';
import { streamOf, type FileToWrite } from '../../../shared/attempts/write-files.ts';
import type { Published } from './published.ts';

/** Each series on a line of its own. The same forecast, the same bytes. */
export function publishedFiles({ index, clusters, site }: Published): readonly FileToWrite[] {
  const files = Math.ceil(index.sites.length / SITES_PER_FILE);
  const sitesOf = (number: number) =>
    index.sites
      .slice(number * SITES_PER_FILE, (number + 1) * SITES_PER_FILE)
      .map((_, at) => number * SITES_PER_FILE + at);
  return [
    jsonFile(INDEX_FILE, () => `${JSON.stringify(index)}\n`),
    jsonFile(CLUSTERS_FILE, () => linesOf(clusters)),
    ...Array.from({ length: files }, (_, number) =>
      jsonFile(sitesFile(number + 1), () => linesOf(sitesOf(number).map(site))),
    ),
  ];
}

const jsonFile = (name: string, content: () => string): FileToWrite => ({
  name,
  type: 'application/json',
  content: () => streamOf(content()),
});

const linesOf = (series: readonly object[]): string =>
  `[\n${series.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`;
